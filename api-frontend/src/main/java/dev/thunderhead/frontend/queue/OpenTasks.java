package dev.thunderhead.frontend.queue;

import dev.thunderhead.job.Account;
import dev.thunderhead.job.FailureCode;
import dev.thunderhead.job.Lane;
import dev.thunderhead.job.Outcome;
import dev.thunderhead.job.RenderEvent;
import dev.thunderhead.job.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * The tasks that are open now, in the order they were queued: a fold over tasks and events. A finished task leaves, so
 * memory is bounded by what is open. Thread-safe by its own lock; one thread folds, any may ask.
 */
public final class OpenTasks {
    /** How long an event that came before its task is kept. Both come from one broker, milliseconds apart. */
    private static final Duration EARLY = Duration.ofMinutes(1);

    private final LongSupplier nanoTime;
    private final Map<Lane, LaneQueue> lanes = new EnumMap<>(Lane.class);
    private final Map<TaskId, Long> earlyEnds = new LinkedHashMap<>();
    private boolean caughtUp;

    private static final class LaneQueue {
        private final Map<TaskId, OpenTask> open = new LinkedHashMap<>();
        private final Map<Account, Integer> byAccount = new HashMap<>();
        private final DrainRate drain;

        LaneQueue(long now) {
            this.drain = new DrainRate(now);
        }
    }

    /** @param nanoTime monotonic, for example {@link System#nanoTime} */
    public OpenTasks(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        for (Lane lane : Lane.values()) {
            lanes.put(lane, new LaneQueue(nanoTime.getAsLong()));
        }
    }

    /** Folds in a task record. A repeated one changes nothing. */
    synchronized void queued(OpenTask task) {
        if (earlyEnds.remove(task.id()) != null) {
            return;
        }
        LaneQueue lane = lane(task.lane());
        if (lane.open.putIfAbsent(task.id(), task) == null) {
            lane.byAccount.merge(task.account(), 1, Integer::sum);
            lane.drain.busy(true, nanoTime.getAsLong());
        }
    }

    /**
     * Folds in an event. A repeated one changes nothing.
     *
     * @param mayPrecedeTask whether the task's record, when it is not known, may still come
     */
    synchronized void ended(RenderEvent event, boolean mayPrecedeTask) {
        long now = nanoTime.getAsLong();
        forgetEarlyEnds(now);
        for (LaneQueue lane : lanes.values()) {
            OpenTask task = lane.open.remove(event.id());
            if (task != null) {
                left(lane, task, event.outcome(), now);
                return;
            }
        }
        if (mayPrecedeTask) {
            earlyEnds.put(event.id(), now);
        }
    }

    private void left(LaneQueue lane, OpenTask task, Outcome outcome, long now) {
        lane.byAccount.computeIfPresent(task.account(), (account, count) -> count == 1 ? null : count - 1);
        if (caughtUp && byWorker(outcome)) {
            lane.drain.finished(now);
        }
        lane.drain.busy(!lane.open.isEmpty(), now);
    }

    // Tasks that are called off or run out of time leave without any worker's doing.
    private static boolean byWorker(Outcome outcome) {
        return outcome instanceof Outcome.Picture
                || (outcome instanceof Outcome.Failed failed && failed.code() != FailureCode.DEADLINE_EXCEEDED);
    }

    private void forgetEarlyEnds(long now) {
        Iterator<Long> times = earlyEnds.values().iterator();
        while (times.hasNext() && now - times.next() > EARLY.toNanos()) {
            times.remove();
        }
    }

    /** The past has been folded in: from here on, what leaves tells how fast. */
    synchronized void caughtUp() {
        caughtUp = true;
        long now = nanoTime.getAsLong();
        lanes.values().forEach(queue -> queue.drain.restart(!queue.open.isEmpty(), now));
    }

    /** When the task that waits longest in any lane was queued. */
    synchronized Optional<Instant> oldest() {
        return lanes.values().stream()
                .flatMap(lane -> lane.open.values().stream())
                .map(OpenTask::queuedAt)
                .min(Instant::compareTo);
    }

    public synchronized Backlog backlog(Lane lane) {
        LaneQueue queue = lane(lane);
        Optional<Instant> oldest = queue.open.values().stream().findFirst().map(OpenTask::queuedAt);
        return new Backlog(queue.open.size(), oldest, queue.drain.perSecond(nanoTime.getAsLong()));
    }

    /** How many of the lane's open tasks are the account's. */
    public synchronized int depth(Lane lane, Account account) {
        return lane(lane).byAccount.getOrDefault(account, 0);
    }

    /**
     * Open tasks whose deadline lies before {@code time}. None while the past is still being folded in: most of what
     * seems late then has ended long ago.
     *
     * @param limit how many at most
     */
    synchronized List<OpenTask> due(Instant time, IntPredicate partitions, int limit) {
        if (!caughtUp) {
            return List.of();
        }
        Stream<OpenTask> all = lanes.values().stream().flatMap(lane -> lane.open.values().stream());
        return all.filter(task -> task.envelope().deadline().isBefore(time) && partitions.test(task.partition()))
                .limit(limit)
                .toList();
    }

    private LaneQueue lane(Lane lane) {
        LaneQueue queue = lanes.get(lane);
        if (queue == null) {
            throw new IllegalStateException("every lane has its queue");
        }
        return queue;
    }
}
