package dev.thunderhead.frontend.queue;

import dev.thunderhead.frontend.job.KnownJobs.Place;
import dev.thunderhead.frontend.job.WaitEstimate;
import dev.thunderhead.job.Account;
import dev.thunderhead.job.FailureCode;
import dev.thunderhead.job.Outcome;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** The open tasks of one lane. Not thread-safe: guarded by the lock of {@link OpenTasks}. */
final class LaneQueue {
    private final QueueOrder order = new QueueOrder();
    private final Map<Account, Integer> byAccount = new HashMap<>();
    private final DrainRate drain;
    private boolean measuring;

    LaneQueue(long now) {
        this.drain = new DrainRate(now);
    }

    /** Adds a task that has just been told that it is queued. */
    void add(KnownTask known, OpenTask task, long now) {
        order.add(known);
        byAccount.merge(task.account(), 1, Integer::sum);
        drain.busy(true, now);
    }

    /** A worker has begun the task; more often changes nothing. */
    void begun(KnownTask known) {
        order.begun(known);
    }

    /** Takes out a task that was added. */
    void remove(KnownTask known, OpenTask task, Outcome outcome, long now) {
        order.remove(known);
        byAccount.computeIfPresent(task.account(), (account, count) -> count == 1 ? null : count - 1);
        if (measuring && byWorker(outcome)) {
            drain.finished(now);
        }
        drain.busy(order.size() > 0, now);
    }

    // Tasks that are called off or run out of time leave without any worker's doing.
    private static boolean byWorker(Outcome outcome) {
        return outcome instanceof Outcome.Picture
                || (outcome instanceof Outcome.Failed failed && failed.code() != FailureCode.DEADLINE_EXCEEDED);
    }

    /**
     * The past has been folded in. It came one partition after the other, so it is put in order; and from here on, what
     * leaves tells how fast.
     */
    void caughtUp(long now) {
        order.sort(Comparator.comparing(LaneQueue::queuedAt));
        measuring = true;
        drain.restart(order.size() > 0, now);
    }

    private static Instant queuedAt(KnownTask known) {
        return known.open().map(OpenTask::queuedAt).orElse(Instant.MAX);
    }

    Stream<Instant> times() {
        return order.all().map(LaneQueue::queuedAt);
    }

    Backlog backlog(long now) {
        return new Backlog(
                order.size(), order.begunSize(), order.first().map(LaneQueue::queuedAt), drain.perSecond(now));
    }

    int depth(Account account) {
        return byAccount.getOrDefault(account, 0);
    }

    /** Where a job stands whose first and last queued tasks are these. */
    Place place(KnownTask first, KnownTask last, long now) {
        return place(order.waitingBefore(first), order.waitingBefore(last) + 1, now);
    }

    /** Where a job of so many tasks would stand that is queued now. */
    Place placeAtEnd(int tasks, long now) {
        int waiting = order.size() - order.begunSize();
        return place(waiting, waiting + tasks, now);
    }

    private Place place(int ahead, int throughLast, long now) {
        // What is being rendered leaves as well before the last one does.
        int leaving = order.begunSize() + throughLast;
        OptionalDouble rate = drain.perSecond(now);
        return new Place(
                ahead,
                rate.isPresent() && rate.getAsDouble() > 0
                        ? Optional.of(WaitEstimate.until(leaving, rate.getAsDouble()))
                        : Optional.empty());
    }
}
