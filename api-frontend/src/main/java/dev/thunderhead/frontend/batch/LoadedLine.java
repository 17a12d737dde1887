package dev.thunderhead.frontend.batch;

import dev.thunderhead.frontend.job.Job;
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
        record Fresh(Job job) implements Content {}

        /** All of it stands in the journal. */
        record Queued(Job job) implements Content {}

        /** Its job has ended. */
        record Ended(Job job, JobRecord.Finished record) implements Content {}

        /** A synchronous call would be refused as well. */
        record Refused(LineJudge.Verdict.Refused verdict) implements Content {}
    }
}
