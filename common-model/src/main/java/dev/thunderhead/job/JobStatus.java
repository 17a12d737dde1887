package dev.thunderhead.job;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collection;

/** How far a job is. */
public enum JobStatus {
    /** None of its tasks has been begun. */
    @JsonProperty("queued")
    QUEUED,
    /** Some task has been begun, and not all have ended. */
    @JsonProperty("in_progress")
    IN_PROGRESS,
    /** Every task has its picture. */
    @JsonProperty("completed")
    COMPLETED,
    /** Some task failed. What the others painted is kept. */
    @JsonProperty("failed")
    FAILED,
    /** It was called off. What was painted before is kept. */
    @JsonProperty("cancelled")
    CANCELLED;

    /** What a job has come to whose tasks all ended like this. */
    public static JobStatus of(Collection<Outcome> outcomes) {
        if (outcomes.stream().anyMatch(Outcome.Failed.class::isInstance)) {
            return FAILED;
        }
        return outcomes.stream().anyMatch(Outcome.Cancelled.class::isInstance) ? CANCELLED : COMPLETED;
    }

    /** Whether nothing will change any more. */
    public boolean isFinal() {
        return this != QUEUED && this != IN_PROGRESS;
    }
}
