package dev.thunderhead.frontend.batch;

import dev.thunderhead.frontend.job.JobNews;
import dev.thunderhead.frontend.job.JobState;
import dev.thunderhead.frontend.job.JobState.TaskState;
import dev.thunderhead.frontend.job.KnownJobs;
import dev.thunderhead.frontend.job.News;
import dev.thunderhead.frontend.job.Publisher;
import dev.thunderhead.job.Account;
import dev.thunderhead.job.Cancellation;
import dev.thunderhead.job.JobDescription;
import dev.thunderhead.job.JobId;
import dev.thunderhead.job.Lane;
import dev.thunderhead.job.RenderEvent;
import dev.thunderhead.job.RenderTask;
import dev.thunderhead.job.TaskId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A journal in memory, what is known from it, and a worker who is handed each task at once. Thread-safe. */
final class MemoryJournal implements Publisher, KnownJobs {
    private final Map<JobId, JobState> known = new ConcurrentHashMap<>();
    private final List<RenderTask> tasks = new CopyOnWriteArrayList<>();
    private final JobNews news;
    private volatile Consumer<RenderTask> worker = task -> {};
    private volatile Predicate<RenderTask> lost = task -> false;

    MemoryJournal(JobNews news) {
        this.news = news;
    }

    /** From now on tasks are handed to this one. */
    void work(Consumer<RenderTask> next) {
        worker = next;
    }

    /** From now on these tasks never arrive, and nobody learns whether they have. */
    void lose(Predicate<RenderTask> which) {
        lost = which;
    }

    /** All tasks that were ever published, in order. */
    List<RenderTask> tasks() {
        return List.copyOf(tasks);
    }

    /** As after a restart: what has happened so far is behind the journal's beginning. */
    void forget() {
        known.clear();
    }

    @Override
    public CompletableFuture<Void> publish(RenderTask task) {
        if (lost.test(task)) {
            return CompletableFuture.failedFuture(new TimeoutException("no answer"));
        }
        tasks.add(task);
        know(task.id(), task.account(), task.job(), new TaskState.Queued());
        worker.accept(task);
        return CompletableFuture.completedFuture(null);
    }

    private void know(TaskId id, Account account, JobDescription job, TaskState state) {
        known.compute(id.job(), (any, stands) -> {
            List<TaskState> states = new ArrayList<>(
                    stands == null ? Collections.nCopies(job.count(), new TaskState.Unknown()) : stands.tasks());
            if (!(states.get(id.index()) instanceof TaskState.Ended)) {
                states.set(id.index(), state);
            }
            return new JobState(id.job(), account, job, states);
        });
    }

    @Override
    public CompletableFuture<Void> publish(RenderEvent event) {
        tell(event);
        return CompletableFuture.completedFuture(null);
    }

    /** Everybody hears of it at once. */
    void tell(RenderEvent event) {
        Instant now = Instant.now();
        know(event.id(), event.account(), event.job().orElseThrow(), new TaskState.Ended(event.outcome(), now));
        news.tell(new News.Ended(event, now));
    }

    @Override
    public CompletableFuture<Void> publish(Cancellation cancellation) {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public Optional<JobState> find(JobId job) {
        return Optional.ofNullable(known.get(job));
    }

    @Override
    public CompletableFuture<Void> caughtUp() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public List<JobState> of(Account account, Optional<JobId> after, int limit) {
        throw new UnsupportedOperationException("lines of batches are not listed");
    }

    @Override
    public Optional<Place> place(JobId job) {
        throw new UnsupportedOperationException("lines of batches are not asked for");
    }

    @Override
    public Place placeAtEnd(Lane lane, int count) {
        throw new UnsupportedOperationException("lines of batches are not asked for");
    }
}
