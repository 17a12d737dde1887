package dev.thunderhead.frontend;

import dev.thunderhead.config.Environment;
import dev.thunderhead.job.Lane;
import java.time.Duration;

/**
 * How long things may take.
 *
 * @param deadline within which a synchronous call's pictures must be rendered; at most the interactive lane's own
 * @param slack how long after its deadline a task is ended by the resolver
 * @param maxEstimatedWait a request that would wait longer than this is turned away at once
 * @param produce within which Kafka must have acknowledged a task
 * @param hangUpGrace how long a client that hung up may take to come back before its job is called off
 * @param grace how long requests in flight may take to finish when the service stops
 */
public record CallSettings(
        Duration deadline,
        Duration slack,
        Duration maxEstimatedWait,
        Duration produce,
        Duration hangUpGrace,
        Duration grace) {
    /** For the resolver's round, the event's way and a rebalance when the owner has just died. */
    private static final Duration LAST_RESORT = Duration.ofSeconds(15);

    public CallSettings {
        if (deadline.compareTo(Lane.INTERACTIVE.deadline()) > 0 || deadline.isZero()) {
            throw new IllegalArgumentException("THUNDERHEAD_DEADLINE: must be more than 0 and at most "
                    + Lane.INTERACTIVE.deadline().toSeconds() + "s");
        }
        if (produce.toMillis() < 100 || produce.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException("THUNDERHEAD_PRODUCE_TIMEOUT: must be 100ms to 1m");
        }
        if (maxEstimatedWait.isZero()) {
            throw new IllegalArgumentException("THUNDERHEAD_MAX_WAIT: must be more than 0");
        }
    }

    /** Reads {@code THUNDERHEAD_DEADLINE}, {@code _SLACK}, {@code _MAX_WAIT}, {@code _PRODUCE_TIMEOUT},
     * {@code _HANG_UP_GRACE}, {@code _GRACE}. */
    public static CallSettings from(Environment environment) {
        return new CallSettings(
                environment.duration("THUNDERHEAD_DEADLINE", Lane.INTERACTIVE.deadline()),
                environment.duration("THUNDERHEAD_SLACK", Duration.ofSeconds(10)),
                environment.duration("THUNDERHEAD_MAX_WAIT", Duration.ofMinutes(1)),
                environment.duration("THUNDERHEAD_PRODUCE_TIMEOUT", Duration.ofSeconds(5)),
                environment.duration("THUNDERHEAD_HANG_UP_GRACE", Duration.ofSeconds(10)),
                environment.duration("THUNDERHEAD_GRACE", Duration.ofSeconds(20)));
    }

    /** Within which a job that was begun to be queued is queued, or has been called off: a producer may wait twice. */
    public Duration submissionSettled() {
        return produce.multipliedBy(2).plusSeconds(2);
    }

    /** The longest that a synchronous call waits for its job's end: longer than any task may stay open. */
    public Duration maxWait() {
        return deadline.plus(slack).plus(LAST_RESORT);
    }
}
