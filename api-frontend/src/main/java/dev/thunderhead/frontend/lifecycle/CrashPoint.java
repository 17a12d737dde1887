package dev.thunderhead.frontend.lifecycle;

/**
 * Places between two steps that must not depend on each other's survival. Started with
 * {@code -Dthunderhead.crash.at=NAME}, the process dies there as by {@code kill -9}: so that tests show what a crash at
 * just that moment leaves behind. Without that property it costs nothing.
 */
public enum CrashPoint {
    /** The idempotency key stands, and none of the job's tasks. */
    KEY_WRITTEN,
    /** All outcomes of a job stand, and no record. */
    OUTCOMES_COMPLETE,
    /** The job's record stands, and no callback is planned. */
    RECORD_WRITTEN,
    /** All callbacks are planned, and the event counts as unread. */
    CALLBACKS_PLANNED,
    /** Results of a batch are written, and its record does not count them. */
    RESULTS_WRITTEN,
    /** A batch's files stand, and its record says that they are being written. */
    OUTPUT_WRITTEN,
    /** A batch's record says that it has ended, and nobody was told. */
    BATCH_ENDED;

    private static final String CHOSEN = System.getProperty("thunderhead.crash.at", "");
    private static final int KILLED = 137;

    /** Dies here, if this is the chosen place. */
    public void reached() {
        if (name().equals(CHOSEN)) {
            Runtime.getRuntime().halt(KILLED);
        }
    }
}
