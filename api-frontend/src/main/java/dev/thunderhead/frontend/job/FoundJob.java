package dev.thunderhead.frontend.job;

import dev.thunderhead.job.Account;
import dev.thunderhead.job.JobDescription;
import dev.thunderhead.job.JobId;
import dev.thunderhead.job.JobRecord;
import dev.thunderhead.job.JobStatus;

/** A job of the caller's, wherever it was found. */
public sealed interface FoundJob {
    JobId id();

    Account account();

    JobDescription job();

    JobStatus status();

    /** Some of its tasks have not ended yet. */
    record Open(JobState state) implements FoundJob {
        @Override
        public JobId id() {
            return state.id();
        }

        @Override
        public Account account() {
            return state.account();
        }

        @Override
        public JobDescription job() {
            return state.job();
        }

        @Override
        public JobStatus status() {
            return state.status();
        }
    }

    /** It has ended; nothing about it changes any more. */
    record Ended(JobRecord.Finished record) implements FoundJob {
        @Override
        public JobId id() {
            return record.id();
        }

        @Override
        public Account account() {
            return record.account();
        }

        @Override
        public JobDescription job() {
            return record.job();
        }

        @Override
        public JobStatus status() {
            return record.status();
        }
    }

    /** The job in that state. */
    static FoundJob of(JobState state) {
        return state.isFinished() ? new Ended(state.record()) : new Open(state);
    }
}
