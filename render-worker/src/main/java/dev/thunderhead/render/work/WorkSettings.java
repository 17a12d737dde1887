package dev.thunderhead.render.work;

import dev.thunderhead.config.Environment;
import java.time.Duration;

/**
 * How a worker takes and holds tasks.
 *
 * @param batchSize pictures that are rendered together at most, 1 to 64; also what one claim holds. Pictures of one
 *     request that land in one batch share a device: 1 spreads them over all workers, more uses a GPU better
 * @param batchWait how long a task that could have company waits for it when the device is free; adds to the latency
 *     of every lone picture
 * @param lock how long a claimed task stays with a worker that shows no sign of life; renewed at a third of it. Within
 *     the broker's group.share.min/max.record.lock.duration.ms
 * @param patience how long a claimed task may wait for the device; while the device is busy for longer, claims that
 *     hold nothing leave the group, so that other workers get the tasks
 * @param grace how long a drain renders on before it gives the rest back; shorter than the supervisor's own patience
 */
public record WorkSettings(int batchSize, Duration batchWait, Duration lock, Duration patience, Duration grace) {
    private static final int MAX_BATCH = 64;

    public WorkSettings {
        if (batchSize < 1 || batchSize > MAX_BATCH) {
            throw new IllegalArgumentException("THUNDERHEAD_BATCH_SIZE: must be 1 to " + MAX_BATCH);
        }
        if (batchWait.isNegative() || patience.isNegative() || grace.isNegative()) {
            throw new IllegalArgumentException(
                    "THUNDERHEAD_BATCH_WAIT, THUNDERHEAD_PATIENCE, THUNDERHEAD_GRACE: must not be negative");
        }
        if (lock.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("THUNDERHEAD_LOCK: must be 1s or more");
        }
    }

    /** Reads {@code THUNDERHEAD_BATCH_SIZE}, {@code _BATCH_WAIT}, {@code _LOCK}, {@code _PATIENCE}, {@code _GRACE}. */
    public static WorkSettings from(Environment environment) {
        return new WorkSettings(
                environment.number("THUNDERHEAD_BATCH_SIZE", 4, 1, MAX_BATCH),
                environment.duration("THUNDERHEAD_BATCH_WAIT", Duration.ofMillis(3)),
                environment.duration("THUNDERHEAD_LOCK", Duration.ofSeconds(30)),
                environment.duration("THUNDERHEAD_PATIENCE", Duration.ofSeconds(2)),
                environment.duration("THUNDERHEAD_GRACE", Duration.ofSeconds(20)));
    }
}
