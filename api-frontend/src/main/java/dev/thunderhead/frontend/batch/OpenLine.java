package dev.thunderhead.frontend.batch;

import dev.thunderhead.frontend.job.AwaitedJob;
import dev.thunderhead.job.FailureCode;
import dev.thunderhead.job.JobRecord;
import dev.thunderhead.job.JobStatus;
import dev.thunderhead.job.Outcome;
import java.util.Optional;

/** A line whose job is in the journal, or on its way there. Belongs to the feeder's thread. */
final class OpenLine {
    private final int number;
    private final String customId;
    private final LineJob job;
    private final AwaitedJob awaited;
    private final long since;
    private boolean beingCancelled;
    private boolean beingAsked;

    OpenLine(int number, String customId, LineJob job, AwaitedJob awaited, long since) {
        this.number = number;
        this.customId = customId;
        this.job = job;
        this.awaited = awaited;
        this.since = since;
    }

    int number() {
        return number;
    }

    LineJob job() {
        return job;
    }

    int tasks() {
        return job.count();
    }

    AwaitedJob awaited() {
        return awaited;
    }

    /** In nanoseconds, when it was opened. */
    long since() {
        return since;
    }

    /** Somebody calls it off; false when somebody does already. */
    boolean beginCancelling() {
        boolean first = !beingCancelled;
        beingCancelled = true;
        return first;
    }

    /** It could not be called off. */
    void cancellingFailed() {
        beingCancelled = false;
    }

    /** Somebody asks whether it has ended; false when somebody does already. */
    boolean beginAsking() {
        boolean first = !beingAsked;
        beingAsked = true;
        return first;
    }

    /** Nothing was heard of its end. */
    void asked() {
        beingAsked = false;
    }

    /**
     * What the line has come to.
     *
     * @param ended its job's end
     * @param batchEnds why its batch ends, if it does so before all its lines have ended
     * @param timeIsOver whether its batch's time is over; the clock of whoever calls the line late may be wrong
     */
    LineResult result(JobRecord.Finished ended, Optional<LineResult.Reason> batchEnds, boolean timeIsOver) {
        return dropped(ended, batchEnds, timeIsOver)
                .<LineResult>map(reason -> new LineResult.Dropped(number, customId, reason))
                .orElseGet(() -> new LineResult.Ended(number, customId, job.textTokens(), ended));
    }

    /** Why it has no picture, if it has none only since its batch ends: the job's deadline is the batch's. */
    private static Optional<LineResult.Reason> dropped(
            JobRecord.Finished ended, Optional<LineResult.Reason> batchEnds, boolean timeIsOver) {
        if (ended.outcomes().stream().anyMatch(Outcome.Picture.class::isInstance)) {
            return Optional.empty();
        }
        boolean late = ended.outcomes().stream()
                .anyMatch(outcome ->
                        outcome instanceof Outcome.Failed failed && failed.code() == FailureCode.DEADLINE_EXCEEDED);
        if (late && timeIsOver) {
            return Optional.of(LineResult.Reason.BATCH_EXPIRED);
        }
        return ended.status() == JobStatus.CANCELLED ? batchEnds : Optional.empty();
    }
}
