package dev.thunderhead.job;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;

/** A queue of its own for each way in, so that background work never stands before somebody who waits. */
public enum Lane {
    /** Synchronous and streaming calls: somebody is waiting. */
    @JsonProperty("interactive")
    INTERACTIVE(Duration.ofMinutes(2)),
    /** Asynchronous jobs. */
    @JsonProperty("standard")
    STANDARD(Duration.ofHours(1)),
    /** Lines of batches. */
    @JsonProperty("bulk")
    BULK(Duration.ofHours(24));

    private final Duration deadline;

    Lane(Duration deadline) {
        this.deadline = deadline;
    }

    /** How long after its submission a task of this lane may still be rendered. */
    public Duration deadline() {
        return deadline;
    }
}
