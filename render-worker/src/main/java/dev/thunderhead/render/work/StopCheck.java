package dev.thunderhead.render.work;

import java.time.Clock;
import java.util.Optional;

/** Knows which tasks need no rendering, or none any more. Asked before each batch and between steps. Thread-safe. */
final class StopCheck {
    private final Cancellations cancellations;
    private final Clock clock;
    private volatile boolean workerStops;

    /** Why not to render a task. */
    enum Reason {
        /** Its job was called off. */
        CANCELLED,
        /** Its deadline has passed. */
        LATE,
        /** This worker stops, and gives it back. */
        WORKER_STOPS
    }

    StopCheck(Cancellations cancellations, Clock clock) {
        this.cancellations = cancellations;
        this.clock = clock;
    }

    /** From now on nothing is worth rendering here. */
    void workerStops() {
        workerStops = true;
    }

    Optional<Reason> whyNot(Work work) {
        if (workerStops) {
            return Optional.of(Reason.WORKER_STOPS);
        }
        if (cancellations.contains(work.task().id().job())) {
            return Optional.of(Reason.CANCELLED);
        }
        boolean late = !clock.instant().isBefore(work.task().deadline());
        return late ? Optional.of(Reason.LATE) : Optional.empty();
    }
}
