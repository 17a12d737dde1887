package dev.thunderhead.frontend.queue;

import dev.thunderhead.frontend.job.JobState.TaskState;
import dev.thunderhead.job.JobDescription;
import dev.thunderhead.job.RenderProgress;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is known of one task of a job that is kept. Not thread-safe: guarded by the lock of {@link OpenTasks}. */
final class KnownTask {
    private static final TaskState UNKNOWN = new TaskState.Unknown();
    private static final TaskState QUEUED = new TaskState.Queued();

    private TaskState state = UNKNOWN;
    private @Nullable OpenTask open;
    /** Belongs to {@link QueueOrder}. */
    int position;

    TaskState state() {
        return state;
    }

    /** The task while it is open. */
    Optional<OpenTask> open() {
        return Optional.ofNullable(open);
    }

    /** Whether its record would be news: it is neither open nor ended. */
    boolean isUnknown() {
        return state instanceof TaskState.Unknown;
    }

    boolean isQueued() {
        return state instanceof TaskState.Queued;
    }

    void queued(OpenTask task) {
        open = task;
        state = QUEUED;
    }

    void progressed(RenderProgress progress, JobDescription job) {
        Instant startedAt = state instanceof TaskState.Running running ? running.startedAt() : progress.at();
        state = progress instanceof RenderProgress.StepDone step
                ? new TaskState.Running(startedAt, step.step(), step.steps())
                : new TaskState.Running(startedAt, 0, job.steps());
    }

    void ended(TaskState.Ended end) {
        open = null;
        state = end;
    }
}
