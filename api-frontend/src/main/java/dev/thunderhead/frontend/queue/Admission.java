package dev.thunderhead.frontend.queue;

import dev.thunderhead.frontend.account.KeyEntry;
import dev.thunderhead.frontend.error.ApiError;
import dev.thunderhead.job.Account;
import dev.thunderhead.job.Lane;
import java.time.Clock;
import java.time.Duration;

/**
 * Judges whether a synchronous call would be answered in time. The wait is estimated from the open tasks ahead and the
 * rate at which they leave. One account may fill only half of the wait that is allowed, so that its flood is its own
 * problem: it is told that it asks too much, and others still find room. Thread-safe.
 */
public final class Admission {
    private static final double SHARE_OF_ONE = 0.5;

    private final OpenTasks openTasks;
    private final Duration maxWait;
    private final Clock clock;

    /** @param maxWait a longer estimated wait is refused */
    public Admission(OpenTasks openTasks, Duration maxWait, Clock clock) {
        this.openTasks = openTasks;
        this.maxWait = maxWait;
        this.clock = clock;
    }

    /** What came of it. */
    public sealed interface Verdict {
        record Admitted() implements Verdict {}

        /**
         * Not now.
         *
         * @param reason for metrics
         */
        record Refused(String reason, ApiError error) implements Verdict {}
    }

    /** Judges a call of the account. */
    public Verdict judge(KeyEntry caller, Lane lane, int tasks) {
        return judge(caller.account(), lane);
    }

    Verdict judge(Account account, Lane lane) {
        Backlog backlog = openTasks.backlog(lane);
        Duration own = wait(backlog, openTasks.depth(lane, account));
        Duration ownLimit = Duration.ofMillis((long) (maxWait.toMillis() * SHARE_OF_ONE));
        if (own.compareTo(ownLimit) > 0) {
            String message =
                    "your account's own pictures would take " + own.toSeconds() + " s to render; wait for some of them";
            return new Verdict.Refused("account", ApiError.tooMany("account_queue_full", message, own.minus(ownLimit)));
        }
        Duration wait = estimatedWait(backlog);
        if (wait.compareTo(maxWait) > 0) {
            String message = "the wait is about " + wait.toSeconds() + " s at the moment; try again later";
            return new Verdict.Refused("wait", ApiError.unavailable("overloaded", message, wait.minus(maxWait)));
        }
        return new Verdict.Admitted();
    }

    /** How long a task that is queued now would wait: what stands ahead, at the rate it leaves. */
    private Duration estimatedWait(Backlog backlog) {
        // While nobody has seen a task leave, the one that waits longest tells the most.
        return backlog.drainPerSecond().isPresent()
                ? wait(backlog, backlog.depth())
                : backlog.oldest()
                        .map(oldest -> Duration.between(oldest, clock.instant()))
                        .orElse(Duration.ZERO);
    }

    private static Duration wait(Backlog backlog, int tasks) {
        double rate = backlog.drainPerSecond().orElse(Double.POSITIVE_INFINITY);
        double seconds = Math.min(tasks / rate, (double) Duration.ofDays(1).toSeconds());
        return tasks == 0 ? Duration.ZERO : Duration.ofMillis((long) (seconds * 1000));
    }
}
