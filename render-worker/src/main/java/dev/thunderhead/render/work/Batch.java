package dev.thunderhead.render.work;

import dev.thunderhead.job.Lane;
import java.time.Duration;
import java.util.List;

/**
 * What is on the device: tasks of one kind that are rendered together, how far they are, and how long that took without
 * the time in which the batch made way for others. Made by the intake; progress comes from the render thread, and any
 * thread may ask for what remains.
 */
final class Batch {
    private final List<Work> work;
    /** Nanoseconds that all of it takes. */
    private long expected;
    /** Nanoseconds on the device until {@link #since}. */
    private long spent;

    private long since;
    private boolean suspended;
    private int done;

    /**
     * @param start in nanoseconds, on the clock that all times here are on
     * @param expected how long it may take
     */
    Batch(List<Work> work, long start, Duration expected) {
        this.work = List.copyOf(work);
        this.since = start;
        this.expected = expected.toNanos();
    }

    List<Work> work() {
        return work;
    }

    Work.Kind kind() {
        return work.get(0).kind();
    }

    Lane lane() {
        return work.get(0).task().lane();
    }

    /**
     * Whether others may go before its next step. A suspect has the device to itself until it has ended: if another batch
     * took the worker down meanwhile, the suspect would be blamed.
     */
    boolean makesWay() {
        return lane() == Lane.BULK && !work.get(0).alone();
    }

    /**
     * {@code steps} are done; decoding counts as one more. From the first step on, this foretells the rest. With none, the
     * batch begins, or begins again.
     */
    synchronized void progress(int steps, long now) {
        done = steps;
        if (steps == 0) {
            spent = 0;
            since = now;
        } else {
            expected = elapsed(now) * parts() / steps;
        }
    }

    /** Others have the device until {@link #resume}. */
    synchronized void suspend(long now) {
        spent = elapsed(now);
        suspended = true;
    }

    synchronized void resume(long now) {
        since = now;
        suspended = false;
    }

    /** How long one step takes. */
    synchronized Duration step() {
        return Duration.ofNanos(expected / parts());
    }

    /** How long it will take yet. What is overdue is expected to take as much longer as it is late already. */
    synchronized Duration remaining(long now) {
        return Duration.ofNanos(Math.abs(expected - elapsed(now)));
    }

    /** How long the step will take yet that is being taken, or comes next. */
    synchronized Duration untilNextStep(long now) {
        return Duration.ofNanos(Math.abs(expected * (done + 1) / parts() - elapsed(now)));
    }

    private int parts() {
        return kind().steps() + 1;
    }

    private long elapsed(long now) {
        return suspended ? spent : spent + now - since;
    }
}
