package dev.thunderhead.frontend.job;

import dev.thunderhead.job.Account;
import dev.thunderhead.job.JobDescription;
import dev.thunderhead.job.JobId;
import dev.thunderhead.job.JobRecord;
import dev.thunderhead.job.JobStatus;
import dev.thunderhead.job.Outcome;
import dev.thunderhead.job.TaskId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A job of the caller's, wherever it was found. */
public sealed interface FoundJob {
    JobId id();

    Account account();

    JobDescription job();

    JobStatus status();

    /** What its tasks have come to, by index; nothing of one that has not ended. */
    List<Optional<Outcome>> outcomes();

    /** Its finished pictures, in the order of their tasks. */
    default List<Map.Entry<TaskId, Outcome.Picture>> pictures() {
        List<Map.Entry<TaskId, Outcome.Picture>> pictures = new ArrayList<>();
        List<Optional<Outcome>> outcomes = outcomes();
        for (int index = 0; index < outcomes.size(); index++) {
            if (outcomes.get(index).orElse(null) instanceof Outcome.Picture picture) {
                pictures.add(Map.entry(new TaskId(id(), index), picture));
            }
        }
        return pictures;
    }

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

        @Override
        public List<Optional<Outcome>> outcomes() {
            return state.tasks().stream()
                    .map(task -> task instanceof JobState.TaskState.Ended ended
                            ? Optional.of(ended.outcome())
                            : Optional.<Outcome>empty())
                    .toList();
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

        @Override
        public List<Optional<Outcome>> outcomes() {
            return record.outcomes().stream().map(Optional::of).toList();
        }
    }

    /** The job in that state. */
    static FoundJob of(JobState state) {
        return state.isFinished() ? new Ended(state.record()) : new Open(state);
    }
}
