package dev.thunderhead.frontend.queue;

import dev.thunderhead.frontend.job.JobState;
import dev.thunderhead.frontend.job.JobState.TaskState;
import dev.thunderhead.job.Account;
import dev.thunderhead.job.JobDescription;
import dev.thunderhead.job.JobId;
import dev.thunderhead.job.RenderEvent;
import dev.thunderhead.job.RenderProgress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The open jobs with the state of each of their tasks, and those that ended lately: a fold over tasks, events and
 * progress. Thread-safe by its own lock; one thread folds, any may ask.
 */
final class JobBook {
    private static final int REMEMBERED = 10_000;

    private final Map<JobId, Entry> open = new HashMap<>();
    private final Map<JobId, Entry> ended = new LinkedHashMap<>();

    private static final class Entry {
        private final JobId id;
        private final Account account;
        private final JobDescription job;
        private final List<TaskState> tasks;

        Entry(JobId id, Account account, JobDescription job) {
            this.id = id;
            this.account = account;
            this.job = job;
            this.tasks = new ArrayList<>(Collections.nCopies(job.count(), new TaskState.Unknown()));
        }

        JobState state() {
            return new JobState(id, account, job, tasks);
        }
    }

    /** Folds in a task record. */
    synchronized void queued(OpenTask task) {
        JobId id = task.id().job();
        if (ended.containsKey(id)) {
            return;
        }
        Entry entry = open.computeIfAbsent(
                id, job -> new Entry(id, task.account(), task.envelope().job()));
        int index = task.id().index();
        if (index < entry.tasks.size() && entry.tasks.get(index) instanceof TaskState.Unknown) {
            entry.tasks.set(index, new TaskState.Queued());
        }
    }

    /** Folds in an event. */
    synchronized void ended(RenderEvent event, Instant publishedAt) {
        JobId id = event.id().job();
        if (ended.containsKey(id)) {
            return;
        }
        Entry entry = entry(event);
        if (entry == null || event.id().index() >= entry.tasks.size()) {
            return;
        }
        entry.tasks.set(event.id().index(), new TaskState.Ended(event.outcome(), publishedAt));
        if (entry.tasks.stream().allMatch(TaskState.Ended.class::isInstance)) {
            open.remove(id);
            ended.put(id, entry);
            if (ended.size() > REMEMBERED) {
                ended.remove(ended.keySet().iterator().next());
            }
        }
    }

    private @Nullable Entry entry(RenderEvent event) {
        JobId id = event.id().job();
        Entry known = open.get(id);
        if (known == null && event.job().isPresent()) {
            known = new Entry(id, event.account(), event.job().get());
            open.put(id, known);
        }
        return known;
    }

    /** Folds in progress. */
    synchronized void progressed(RenderProgress progress) {
        Entry entry = open.get(progress.id().job());
        if (entry == null || progress.id().index() >= entry.tasks.size()) {
            return;
        }
        TaskState present = entry.tasks.get(progress.id().index());
        if (present instanceof TaskState.Ended) {
            return;
        }
        Instant startedAt = present instanceof TaskState.Running running ? running.startedAt() : progress.at();
        TaskState next = progress instanceof RenderProgress.StepDone step
                ? new TaskState.Running(startedAt, step.step(), step.steps())
                : new TaskState.Running(startedAt, 0, entry.job.steps());
        entry.tasks.set(progress.id().index(), next);
    }

    synchronized Optional<JobState> find(JobId job) {
        Entry entry = open.getOrDefault(job, ended.get(job));
        return Optional.ofNullable(entry).map(Entry::state);
    }

    synchronized List<JobState> of(Account account) {
        List<JobState> all = new ArrayList<>();
        for (Map<JobId, Entry> entries : List.of(open, ended)) {
            entries.values().stream()
                    .filter(entry -> entry.account.equals(account))
                    .map(Entry::state)
                    .forEach(all::add);
        }
        all.sort(Comparator.comparing(state -> state.id().value()));
        return all;
    }
}
