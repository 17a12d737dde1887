package dev.thunderhead.frontend.queue;

import dev.thunderhead.job.Account;
import dev.thunderhead.job.Lane;
import dev.thunderhead.job.TaskId;
import dev.thunderhead.wire.TaskEnvelope;
import java.time.Instant;

/**
 * A task that has not ended yet: what it takes to count it, and to end it.
 *
 * @param partition of its task record, and of the events about it
 * @param queuedAt the record's time in Kafka
 */
public record OpenTask(Lane lane, int partition, Instant queuedAt, TaskEnvelope envelope) {
    public TaskId id() {
        return envelope.id();
    }

    public Account account() {
        return envelope.account();
    }
}
