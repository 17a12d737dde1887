package dev.thunderhead.frontend.account;

import java.time.Duration;

/**
 * What is left of an account's limits. A bucket holds a minute's requests and fills up again evenly; beside it the
 * requests that wait at this moment are counted. On monotonic time, so that setting the clock changes nothing.
 * Thread-safe by its own lock.
 */
public final class Allowance {
    private static final double MINUTE = Duration.ofMinutes(1).toNanos();

    private double left;
    private long at;
    private int waiting;

    Allowance(Limits limits, long now) {
        this.left = limits.requestsPerMinute();
        this.at = now;
    }

    /**
     * How much is left of a minute's requests.
     *
     * @param remaining how many may come at once
     * @param reset until all of the limit is there again
     * @param retryAfter until one more may come; zero when it may come now
     */
    public record State(int limit, int remaining, Duration reset, Duration retryAfter) {}

    /** Takes one request out of the minute's; false when none is left. */
    synchronized boolean take(Limits limits, long now) {
        refill(limits, now);
        if (left < 1) {
            return false;
        }
        left--;
        return true;
    }

    /** Lets one more request wait; false when as many wait as may. */
    synchronized boolean enter(Limits limits) {
        if (waiting >= limits.concurrentRequests()) {
            return false;
        }
        waiting++;
        return true;
    }

    synchronized void leave() {
        waiting--;
    }

    synchronized State state(Limits limits, long now) {
        refill(limits, now);
        int limit = limits.requestsPerMinute();
        return new State(
                limit, (int) left, Duration.ofNanos((long) ((limit - left) / limit * MINUTE)), Duration.ofNanos((long)
                        (Math.max(0, 1 - left) / limit * MINUTE)));
    }

    private void refill(Limits limits, long now) {
        int limit = limits.requestsPerMinute();
        left = Math.min(limit, left + limit * ((now - at) / MINUTE));
        at = now;
    }
}
