package dev.thunderhead.frontend.job;

import dev.thunderhead.job.Account;
import dev.thunderhead.job.JobDescription;
import dev.thunderhead.job.JobId;
import dev.thunderhead.job.JobRecord;
import dev.thunderhead.job.JobStatus;
import dev.thunderhead.job.Outcome;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What a frontend knows at one moment of a job that is open or has just ended. Immutable.
 *
 * @param tasks by index, one for each of the job's tasks
 */
public record JobState(JobId id, Account account, JobDescription job, List<TaskState> tasks) {
    private static final int WHOLE = 100;

    /** How far a task is. */
    public sealed interface TaskState {
        /** Nobody here has heard of it yet, or not any more: what stands in the store tells. */
        record Unknown() implements TaskState {}

        /** It waits for a worker. */
        record Queued() implements TaskState {}

        /**
         * A worker renders it.
         *
         * @param step how many of the steps are done
         */
        record Running(Instant startedAt, int step, int steps) implements TaskState {}

        /**
         * It has ended.
         *
         * @param publishedAt the event's time in Kafka
         */
        record Ended(Outcome outcome, Instant publishedAt) implements TaskState {}
    }

    public JobState {
        tasks = List.copyOf(tasks);
        if (tasks.size() != job.count()) {
            throw new IllegalArgumentException("a job's state tells of each of its tasks");
        }
    }

    /** Whether every task has ended. */
    public boolean isFinished() {
        return tasks.stream().allMatch(TaskState.Ended.class::isInstance);
    }

    /** Whether the store may know more. */
    public boolean isUncertain() {
        return tasks.stream().anyMatch(TaskState.Unknown.class::isInstance);
    }

    public JobStatus status() {
        if (isFinished()) {
            return JobStatus.of(outcomes());
        }
        boolean begun =
                tasks.stream().anyMatch(task -> task instanceof TaskState.Running || task instanceof TaskState.Ended);
        return begun ? JobStatus.IN_PROGRESS : JobStatus.QUEUED;
    }

    /** What its tasks that have ended came to, by index. */
    public List<Outcome> outcomes() {
        return tasks.stream()
                .filter(TaskState.Ended.class::isInstance)
                .map(task -> ((TaskState.Ended) task).outcome())
                .toList();
    }

    /** Its record; it has to be finished. */
    public JobRecord.Finished record() {
        return JobRecord.Finished.of(id, account, job, outcomes());
    }

    /** The end that was published last, if any was. */
    public Optional<TaskState.Ended> lastEnd() {
        return tasks.stream()
                .filter(TaskState.Ended.class::isInstance)
                .map(TaskState.Ended.class::cast)
                .max(Comparator.comparing(TaskState.Ended::publishedAt));
    }

    /** How much of the work is done, in percent, rounded down; 100 only when all has ended. */
    public int progress() {
        double done = tasks.stream().mapToDouble(JobState::share).sum();
        return (int) (done * WHOLE / tasks.size());
    }

    // Decoding and upload count as one more step.
    private static double share(TaskState task) {
        if (task instanceof TaskState.Running running) {
            return running.step() / (running.steps() + 1.0);
        }
        return task instanceof TaskState.Ended ? 1 : 0;
    }

    /** When the first of its tasks was begun, as far as that is known. */
    public Optional<Instant> startedAt() {
        return tasks.stream()
                .map(task -> startedAt(task, job.createdAt()))
                .flatMap(Optional::stream)
                .min(Instant::compareTo);
    }

    private static Optional<Instant> startedAt(TaskState task, Instant createdAt) {
        if (task instanceof TaskState.Running running) {
            return Optional.of(running.startedAt());
        }
        return task instanceof TaskState.Ended ended && ended.outcome() instanceof Outcome.Picture picture
                ? Optional.of(picture.startedAt(createdAt))
                : Optional.empty();
    }
}
