package dev.thunderhead.frontend.batch;

/** Tells the feeder, wherever it is, of batches to look at. Thread-safe. */
@FunctionalInterface
public interface BatchNotices {
    /** A hint, which may be lost: the feeder looks at all batches from time to time. Does not block for long. */
    void tell(Batches.Name batch);
}
