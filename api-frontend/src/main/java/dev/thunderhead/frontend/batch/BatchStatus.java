package dev.thunderhead.frontend.batch;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How far a batch is; OpenAI's. */
public enum BatchStatus {
    /** Its file is being read. */
    @JsonProperty("validating")
    VALIDATING,
    /** Its file is not one of requests, and nothing of it was queued; or what was kept of it has gone. */
    @JsonProperty("failed")
    FAILED,
    /** Its lines are rendered. */
    @JsonProperty("in_progress")
    IN_PROGRESS,
    /** Its lines have ended, and its files are being written. */
    @JsonProperty("finalizing")
    FINALIZING,
    /** Every line has ended. */
    @JsonProperty("completed")
    COMPLETED,
    /** Its time was over before every line had ended. */
    @JsonProperty("expired")
    EXPIRED,
    /** Its owner called it off, and it has not ended yet. */
    @JsonProperty("cancelling")
    CANCELLING,
    /** Its owner called it off. */
    @JsonProperty("cancelled")
    CANCELLED;

    /** Whether nothing will change any more. */
    public boolean isFinal() {
        return this == FAILED || this == COMPLETED || this == EXPIRED || this == CANCELLED;
    }
}
