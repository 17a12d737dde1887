package dev.thunderhead.frontend.queue;

import dev.thunderhead.frontend.account.KeyEntry;
import dev.thunderhead.frontend.error.ApiError;
import dev.thunderhead.job.Account;
import dev.thunderhead.job.Lane;
import java.time.Clock;
import java.time.Duration;

/**
 * Judges whether work may be queued, by the lane it would travel in.
 *
 * <p>Interactive: whether the call would be answered in time. The wait is estimated from the open tasks ahead and the rate
 * at which they leave. One account may fill only half of the wait that is allowed, so that its flood is its own problem:
 * it is told that it asks too much, and others still find room.
 *
 * <p>Standard: whether the account has room in its share of the queue. What others have queued makes the wait longer and
 * turns nobody away. What was queued a moment ago may not be counted yet, so calls at the same time may exceed the share
 * by their own number.
 *
 * <p>Bulk: always; whoever feeds that lane keeps it short.
 *
 * <p>Thread-safe.
 */
public final class Admission {
    private static final double SHARE_OF_ONE = 0.5;
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final double MILLIS = 1000;

    private final OpenTasks openTasks;
    private final Duration maxWait;
    private final Clock clock;

    /** @param maxWait a longer estimated wait of a synchronous call is refused */
    public Admission(OpenTasks openTasks, Duration maxWait, Clock clock) {
        this.openTasks = openTasks;
        this.maxWait = maxWait;
        this.clock = clock;
    }

    /** What came of it. */
    public sealed interface Verdict {
        record Admitted() implements Verdict {}

        /** Not now; the error's code is the reason. */
        record Refused(ApiError error) implements Verdict {}
    }

    /** Judges a job of so many tasks. */
    public Verdict judge(KeyEntry caller, Lane lane, int tasks) {
        return switch (lane) {
            case INTERACTIVE -> byWait(caller.account());
            case STANDARD -> byShare(caller, tasks);
            case BULK -> new Verdict.Admitted();
        };
    }

    private Verdict byWait(Account account) {
        Backlog backlog = openTasks.backlog(Lane.INTERACTIVE);
        Duration own = wait(backlog, openTasks.depth(Lane.INTERACTIVE, account));
        Duration ownLimit = Duration.ofMillis((long) (maxWait.toMillis() * SHARE_OF_ONE));
        if (own.compareTo(ownLimit) > 0) {
            String message =
                    "your account's own pictures would take " + own.toSeconds() + " s to render; wait for some of them";
            return new Verdict.Refused(ApiError.tooMany("account_queue_full", message, own.minus(ownLimit)));
        }
        Duration wait = estimatedWait(backlog);
        if (wait.compareTo(maxWait) > 0) {
            String message = "the wait is about " + wait.toSeconds() + " s at the moment; try again later";
            return new Verdict.Refused(ApiError.unavailable("overloaded", message, wait.minus(maxWait)));
        }
        return new Verdict.Admitted();
    }

    private Verdict byShare(KeyEntry caller, int tasks) {
        int share = caller.limits().queuedTasks();
        int open = openTasks.depth(Lane.STANDARD, caller.account());
        if (open + tasks <= share) {
            return new Verdict.Admitted();
        }
        String message = String.format("your account may have %,d pictures queued, and has %,d", share, open);
        ApiError error = tasks > share
                ? ApiError.tooMany("queue_full", message + "; ask for fewer at once", LONGEST)
                        .withoutRetry()
                : ApiError.tooMany(
                        "queue_full",
                        message + "; wait for some of them",
                        untilRoom(openTasks.backlog(Lane.STANDARD), open, open + tasks - share));
        return new Verdict.Refused(error);
    }

    /** How long until so many of the account's own tasks have left: they leave in turn with those of others. */
    private static Duration untilRoom(Backlog backlog, int own, int excess) {
        // Nobody has seen one leave: it will be long.
        return backlog.drainPerSecond().isEmpty()
                ? LONGEST
                : wait(backlog, (int) Math.min(Integer.MAX_VALUE, (long) excess * backlog.depth() / Math.max(1, own)));
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
        double seconds = Math.min(tasks / rate, (double) LONGEST.toSeconds());
        return tasks == 0 ? Duration.ZERO : Duration.ofMillis((long) (seconds * MILLIS));
    }
}
