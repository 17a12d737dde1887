package dev.thunderhead.render.work;

import java.time.Duration;
import java.util.List;

/**
 * What is on the device: tasks of one kind that are rendered together, and how far they are. Made by the intake; progress
 * comes from the render thread, and any thread may ask for what remains.
 */
final class Batch {
    private final List<Work> work;
    private final long start;
    private volatile long expected;

    /**
     * @param start in nanoseconds, on the clock that all times here are on
     * @param expected how long it may take
     */
    Batch(List<Work> work, long start, Duration expected) {
        this.work = List.copyOf(work);
        this.start = start;
        this.expected = expected.toNanos();
    }

    List<Work> work() {
        return work;
    }

    Work.Kind kind() {
        return work.get(0).kind();
    }

    /** {@code done} of the steps are done; decoding counts as one more. From the first step on, this foretells the rest. */
    void progress(int done, long now) {
        if (done > 0) {
            expected = (now - start) * (kind().steps() + 1) / done;
        }
    }

    /** How long it will take yet. What is overdue is expected to take as much longer as it is late already. */
    Duration remaining(long now) {
        return Duration.ofNanos(Math.abs(expected - (now - start)));
    }
}
