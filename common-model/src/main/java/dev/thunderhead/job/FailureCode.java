package dev.thunderhead.job;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** Why a task failed. */
public enum FailureCode {
    /** Its deadline passed before a worker had rendered it; submitting it again may succeed. */
    @JsonProperty("deadline_exceeded")
    DEADLINE_EXCEEDED(true),
    /** Rendering it took its worker down, again and again. */
    @JsonProperty("poison_task")
    POISON_TASK(false),
    /** The renderer reported an error. */
    @JsonProperty("render_failed")
    @JsonEnumDefaultValue
    RENDER_FAILED(true),
    /** The network produced values that are not numbers; there is no picture to show. */
    @JsonProperty("spoiled_picture")
    SPOILED_PICTURE(false),
    /** No worker of this deployment has the model. */
    @JsonProperty("model_unavailable")
    MODEL_UNAVAILABLE(true),
    /** Other tasks of the job were queued, and this one was not, since whoever queued them died meanwhile. */
    @JsonProperty("task_lost")
    TASK_LOST(true),
    /** The task's record could not be read. */
    @JsonProperty("malformed_task")
    MALFORMED_TASK(false),
    /** The task's record is of a newer form than the worker knows. */
    @JsonProperty("unsupported_schema")
    UNSUPPORTED_SCHEMA(true);

    private final boolean retryable;

    FailureCode(boolean retryable) {
        this.retryable = retryable;
    }

    /** Whether the same request may succeed when it is sent again. */
    public boolean retryable() {
        return retryable;
    }
}
