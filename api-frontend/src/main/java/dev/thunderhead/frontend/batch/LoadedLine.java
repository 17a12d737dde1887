package dev.thunderhead.frontend.batch;

import dev.thunderhead.job.JobRecord;

/**
 * A line that was read in order to be queued.
 *
 * @param number from 1
 */
record LoadedLine(int number, String customId, Content content) {
    /** What becomes of it. */
    sealed interface Content {
        /** Nothing was queued of it. */
        record Fresh(LineJob job) implements Content {}

        /** It stands in the journal, or part of it does. */
        record Queued(LineJob job) implements Content {}

        /** Its job has ended. */
        record Ended(LineJob job, JobRecord.Finished record) implements Content {}

        /** A synchronous call would be refused as well. */
        record Refused(LineJudge.Verdict.Refused verdict) implements Content {}
    }
}
