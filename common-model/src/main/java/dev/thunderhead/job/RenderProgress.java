package dev.thunderhead.job;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Instant;
import java.util.Optional;

/**
 * How far a task is that some worker renders. Nothing depends on it: it may be lost, and a task that is rendered twice
 * reports twice.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "progress")
@JsonSubTypes({
    @JsonSubTypes.Type(value = RenderProgress.Started.class, name = "started"),
    @JsonSubTypes.Type(value = RenderProgress.StepDone.class, name = "step_done")
})
public sealed interface RenderProgress {
    TaskId id();

    /** When it was so, by the worker's clock. */
    Instant at();

    /** A worker has begun to render the task. */
    record Started(TaskId id, Instant at) implements RenderProgress {}

    /**
     * A denoising step is done.
     *
     * @param step from 1
     * @param steps of how many
     */
    record StepDone(TaskId id, Instant at, int step, int steps, Optional<Preview> preview) implements RenderProgress {}

    /**
     * What the picture will look like, roughly.
     *
     * @param index which of the previews that were asked for, from 0
     * @param jpeg a small JPEG file
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Preview(int index, @JsonProperty("jpeg") byte[] jpeg) {}
}
