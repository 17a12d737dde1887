package dev.thunderhead.frontend.queue;

import dev.thunderhead.frontend.job.JobState;
import dev.thunderhead.frontend.job.JobState.TaskState;
import dev.thunderhead.frontend.job.KnownJobs.Place;
import dev.thunderhead.job.Account;
import dev.thunderhead.job.JobId;
import dev.thunderhead.job.Lane;
import dev.thunderhead.job.RenderEvent;
import dev.thunderhead.job.RenderProgress;
import dev.thunderhead.job.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The tasks that are open now, and the jobs they belong to: a fold over tasks, events and progress. A task that ended
 * leaves, and its job is forgotten some minutes after the last one did, so memory is bounded by what is open.
 * Thread-safe by its own lock; one thread folds, any may ask.
 */
public final class OpenTasks {
    /** Events that tell nothing of their job and came before their task; both come milliseconds apart. */
    private static final int EARLY_ENDS = 10_000;

    private static final Comparator<OpenTask> BY_DEADLINE = Comparator.comparing(
                    (OpenTask task) -> task.envelope().deadline())
            .thenComparing(task -> task.id().job().value())
            .thenComparing(task -> task.id().index());

    private final LongSupplier nanoTime;
    private final Map<Lane, LaneQueue> lanes = new EnumMap<>(Lane.class);
    private final NavigableSet<OpenTask> byDeadline = new TreeSet<>(BY_DEADLINE);
    private final JobBook jobs = new JobBook();
    private final Map<TaskId, TaskState.Ended> earlyEnds = new LinkedHashMap<>();
    private boolean caughtUp;

    /** @param nanoTime monotonic, for example {@link System#nanoTime} */
    public OpenTasks(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        for (Lane lane : Lane.values()) {
            lanes.put(lane, new LaneQueue(nanoTime.getAsLong()));
        }
    }

    /** Folds in a task record. A repeated one changes nothing. */
    synchronized void queued(OpenTask task) {
        JobEntry job =
                jobs.entry(task.id().job(), task.account(), task.envelope().job());
        job.task(task.id().index())
                .filter(KnownTask::isUnknown)
                .ifPresent(known -> queued(job, known, task, earlyEnds.remove(task.id())));
        jobs.changed(job, nanoTime.getAsLong());
    }

    private void queued(JobEntry job, KnownTask known, OpenTask task, TaskState.@Nullable Ended earlyEnd) {
        if (earlyEnd != null) {
            job.ended(known, earlyEnd);
            return;
        }
        job.queued(known, task);
        lane(task.lane()).add(known, task, nanoTime.getAsLong());
        byDeadline.add(task);
    }

    /**
     * Folds in an event, which may come before its task's record. A repeated one changes nothing.
     *
     * @param publishedAt the event's time in Kafka
     */
    synchronized void ended(RenderEvent event, Instant publishedAt) {
        TaskState.Ended end = new TaskState.Ended(event.outcome(), publishedAt);
        Optional<JobEntry> job = jobs.find(event.id().job())
                .or(() -> event.job().map(about -> jobs.entry(event.id().job(), event.account(), about)));
        if (job.isEmpty()) {
            keepEarly(event.id(), end);
            return;
        }
        job.get()
                .task(event.id().index())
                .filter(known -> !(known.state() instanceof TaskState.Ended))
                .ifPresent(known -> ended(job.get(), known, end));
        jobs.changed(job.get(), nanoTime.getAsLong());
    }

    private void ended(JobEntry job, KnownTask known, TaskState.Ended end) {
        known.open().ifPresent(task -> {
            lane(task.lane()).remove(known, task, end.outcome(), nanoTime.getAsLong());
            byDeadline.remove(task);
        });
        job.ended(known, end);
    }

    private void keepEarly(TaskId id, TaskState.Ended end) {
        earlyEnds.put(id, end);
        if (earlyEnds.size() > EARLY_ENDS) {
            earlyEnds.remove(earlyEnds.keySet().iterator().next());
        }
    }

    /** Folds in what a worker tells of a task; of one that is not open it tells nothing. */
    synchronized void progressed(RenderProgress progress) {
        jobs.find(progress.id().job())
                .ifPresent(job -> job.task(progress.id().index())
                        .ifPresent(known -> known.open().ifPresent(task -> {
                            job.progressed(known, progress);
                            lane(task.lane()).begun(known);
                        })));
    }

    /** The past has been folded in: from here on, what leaves tells how fast. */
    synchronized void caughtUp() {
        caughtUp = true;
        long now = nanoTime.getAsLong();
        lanes.values().forEach(lane -> lane.caughtUp(now));
    }

    /** When the task that waits longest in any lane was queued. Looks at all. */
    synchronized Optional<Instant> oldest() {
        return lanes.values().stream().flatMap(LaneQueue::times).min(Instant::compareTo);
    }

    /** Whether some task of the job is open. */
    public synchronized boolean isOpen(JobId job) {
        return jobs.find(job).filter(JobEntry::isOpen).isPresent();
    }

    public synchronized Backlog backlog(Lane lane) {
        return lane(lane).backlog(nanoTime.getAsLong());
    }

    /** How many of the lane's open tasks are the account's. */
    public synchronized int depth(Lane lane, Account account) {
        return lane(lane).depth(account);
    }

    /**
     * Open tasks whose deadline lies before {@code time}, the latest last. None while the past is still being folded in:
     * most of what seems late then has ended long ago.
     *
     * @param limit how many at most
     */
    synchronized List<OpenTask> due(Instant time, IntPredicate partitions, int limit) {
        if (!caughtUp) {
            return List.of();
        }
        return byDeadline.stream()
                .takeWhile(task -> task.envelope().deadline().isBefore(time))
                .filter(task -> partitions.test(task.partition()))
                .limit(limit)
                .toList();
    }

    /**
     * Tasks that nobody has heard of, though all others of their job have ended for {@code patience}: they ended long ago,
     * as the store knows, or they were never queued. None while the past is still being folded in.
     */
    synchronized List<LostTask> lost(Duration patience) {
        return caughtUp
                ? jobs.uncertain(nanoTime.getAsLong() - patience.toNanos()).stream()
                        // The feeder of batches queues what is missing of a line, whenever that is.
                        .filter(job -> job.job().lane() != Lane.BULK)
                        .flatMap(job -> job.unknown().stream().map(id -> new LostTask(id, job.account(), job.job())))
                        .toList()
                : List.of();
    }

    synchronized Optional<JobState> find(JobId job) {
        return jobs.find(job).map(JobEntry::state);
    }

    synchronized List<JobState> of(Account account, Optional<JobId> after, int limit) {
        return jobs.of(account, after).stream()
                .filter(job -> job.job().lane() != Lane.BULK)
                .limit(limit)
                .map(JobEntry::state)
                .toList();
    }

    synchronized Optional<Place> place(JobId job) {
        List<KnownTask> queued = jobs.find(job).map(JobEntry::queued).orElse(List.of());
        Comparator<KnownTask> order = Comparator.comparingInt(known -> known.position);
        Optional<KnownTask> first = queued.stream().min(order);
        Optional<KnownTask> last = queued.stream().max(order);
        Optional<Lane> lane = first.flatMap(KnownTask::open).map(OpenTask::lane);
        return lane.isEmpty()
                ? Optional.empty()
                : Optional.of(lane(lane.get()).place(first.get(), last.get(), nanoTime.getAsLong()));
    }

    synchronized Place placeAtEnd(Lane lane, int tasks) {
        return lane(lane).placeAtEnd(tasks, nanoTime.getAsLong());
    }

    private LaneQueue lane(Lane lane) {
        LaneQueue queue = lanes.get(lane);
        if (queue == null) {
            throw new IllegalStateException("every lane has its queue");
        }
        return queue;
    }
}
