package dev.thunderhead.frontend.batch;

import java.time.Duration;

/** How fast something happens, where what is long ago counts less and less. Not thread-safe. */
final class RateMeter {
    private static final long SHORTEST = 200_000_000;
    private static final double NANOS = 1e9;

    private final double memory;
    private double perSecond;
    private int count;
    private long since;

    /**
     * @param memory after which a change counts for two thirds
     * @param now in nanoseconds, on a clock that only goes forward
     */
    RateMeter(Duration memory, long now) {
        this.memory = memory.toNanos();
        this.since = now;
    }

    void count(int events) {
        count += events;
    }

    double perSecond(long now) {
        long time = now - since;
        if (time >= SHORTEST) {
            double latest = count * NANOS / time;
            perSecond += (1 - Math.exp(-time / memory)) * (latest - perSecond);
            count = 0;
            since = now;
        }
        return perSecond;
    }
}
