package dev.thunderhead.frontend.queue;

import dev.thunderhead.frontend.job.JobState;
import dev.thunderhead.frontend.job.JobState.TaskState;
import dev.thunderhead.job.Account;
import dev.thunderhead.job.JobDescription;
import dev.thunderhead.job.JobId;
import dev.thunderhead.job.RenderProgress;
import dev.thunderhead.job.TaskId;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A job in the {@link JobBook}, with each of its tasks. Not thread-safe: guarded by the lock of {@link OpenTasks}. */
final class JobEntry {
    private final JobId id;
    private final Account account;
    private final JobDescription job;
    private final List<KnownTask> tasks;
    private int open;
    /** Made when somebody asks, and kept until something changes. */
    private @Nullable JobState state;

    JobEntry(JobId id, Account account, JobDescription job) {
        this.id = id;
        this.account = account;
        this.job = job;
        this.tasks = Stream.generate(KnownTask::new).limit(job.count()).toList();
    }

    JobId id() {
        return id;
    }

    Account account() {
        return account;
    }

    /** How many tasks it has. */
    int size() {
        return tasks.size();
    }

    /** Whether some of its tasks are open. */
    boolean isOpen() {
        return open > 0;
    }

    /** The tasks that nobody here has heard of. */
    List<TaskId> unknown() {
        return IntStream.range(0, tasks.size())
                .filter(index -> tasks.get(index).isUnknown())
                .mapToObj(index -> new TaskId(id, index))
                .toList();
    }

    JobDescription job() {
        return job;
    }

    /** The task of that index; empty where the record that names it contradicts the job's own description. */
    Optional<KnownTask> task(int index) {
        return index < tasks.size() ? Optional.of(tasks.get(index)) : Optional.empty();
    }

    /** Its queued tasks, by index. */
    List<KnownTask> queued() {
        return tasks.stream().filter(KnownTask::isQueued).toList();
    }

    void queued(KnownTask known, OpenTask task) {
        known.queued(task);
        open++;
        state = null;
    }

    void progressed(KnownTask known, RenderProgress progress) {
        known.progressed(progress, job);
        state = null;
    }

    void ended(KnownTask known, TaskState.Ended end) {
        open -= known.open().isPresent() ? 1 : 0;
        known.ended(end);
        state = null;
    }

    JobState state() {
        JobState present = state;
        if (present == null) {
            present = new JobState(
                    id, account, job, tasks.stream().map(KnownTask::state).toList());
            state = present;
        }
        return present;
    }
}
