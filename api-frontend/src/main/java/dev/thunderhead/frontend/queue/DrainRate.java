package dev.thunderhead.frontend.queue;

import java.util.OptionalDouble;

/**
 * How fast tasks leave a lane while there are any: pictures finished per second of the time in which some were open.
 * Idle time does not count, or a quiet night would look like slow workers. The last busy half minute weighs as much as
 * all before it. Not thread-safe.
 */
final class DrainRate {
    private static final double HALF_LIFE_SECONDS = 30;
    private static final double NANOS = 1e9;

    private double finished;
    private double busySeconds;
    private boolean busy;
    private boolean known;
    private long at;

    DrainRate(long now) {
        this.at = now;
    }

    /** Forgets the time so far, in which nothing was counted. */
    void restart(boolean nowBusy, long now) {
        busySeconds = 0;
        busy = nowBusy;
        at = now;
    }

    /** From now on there are open tasks, or none. */
    void busy(boolean nowBusy, long now) {
        advance(now);
        busy = nowBusy;
    }

    /** A worker has ended a task. */
    void finished(long now) {
        advance(now);
        finished++;
        known = true;
    }

    /** Nothing while no task has been seen to end. */
    OptionalDouble perSecond(long now) {
        advance(now);
        return known && busySeconds > 0 ? OptionalDouble.of(finished / busySeconds) : OptionalDouble.empty();
    }

    private void advance(long now) {
        if (busy) {
            double decay = Math.pow(0.5, (now - at) / NANOS / HALF_LIFE_SECONDS);
            finished *= decay;
            busySeconds = busySeconds * decay + HALF_LIFE_SECONDS / Math.log(2) * (1 - decay);
        }
        at = now;
    }
}
