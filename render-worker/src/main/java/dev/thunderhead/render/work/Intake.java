package dev.thunderhead.render.work;

import dev.thunderhead.job.Lane;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * The claimed tasks that wait for the device, and what is on it. Claims bring tasks and ask how long another one would
 * wait; one renderer takes batches. Thread-safe.
 *
 * <p>A batch is made of one lane's tasks: company from a less urgent lane would delay the urgent picture, which takes as
 * long as its whole batch.
 *
 * <p>Bulk batches have the device step by step: before each step the lanes' shares decide anew whether the batch goes on
 * or makes way. So a picture that somebody waits for waits for one step of theirs at most, as long as its lane has had
 * less than its share. Standard batches go before such a step as well. If interactive ones alone did, they would move on
 * while a bulk batch is under way and standard tasks wait, and the standard lane would lose its share to both.
 */
final class Intake {
    /** How long after the last interactive task bulk batches stay small, so that the next one finds the device soon free. */
    private static final Duration INTERACTIVE_TRAFFIC = Duration.ofSeconds(5);

    private static final int SMALL_BATCH = 2;

    private final int batchSize;
    private final Duration batchWait;
    private final CostModel costs;
    private final LongSupplier nanos;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Lane, Deque<Waiting>> waiting = new EnumMap<>(Lane.class);
    private final LaneShares shares = new LaneShares();
    /** A batch that has made way lies under the one that goes before. */
    private final Deque<Batch> onDevice = new ArrayDeque<>();

    private long lastInteractive;
    private boolean closed;

    private record Waiting(Work work, long since) {}

    /** @param nanos a clock that only goes forward */
    Intake(int batchSize, Duration batchWait, CostModel costs, LongSupplier nanos) {
        this.batchSize = batchSize;
        this.batchWait = batchWait;
        this.costs = costs;
        this.nanos = nanos;
        for (Lane lane : Lane.values()) {
            waiting.put(lane, new ArrayDeque<>());
        }
        this.lastInteractive = nanos.getAsLong() - INTERACTIVE_TRAFFIC.toNanos();
    }

    /** Adds tasks, which then wait for the renderer. */
    void offer(Collection<Work> tasks) {
        lock.lock();
        try {
            long now = nanos.getAsLong();
            for (Work work : tasks) {
                queue(work.task().lane()).add(new Waiting(work, now));
                if (work.task().lane() == Lane.INTERACTIVE) {
                    lastInteractive = now;
                }
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * The next batch, which counts as on the device until {@link #done}. Waits until there is one.
     *
     * @return empty once the intake is closed
     */
    Optional<Batch> take() throws InterruptedException {
        lock.lock();
        try {
            while (!closed) {
                Optional<Lane> lane = shares.next(lanesThatWait());
                if (lane.isEmpty()) {
                    changed.await();
                    continue;
                }
                List<Waiting> company = company(lane.get());
                long patience = patience(lane.get(), company);
                if (patience <= 0) {
                    return Optional.of(board(lane.get(), company));
                }
                changed.await(patience, TimeUnit.NANOSECONDS);
            }
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /**
     * The batch that goes before the next step of the one on the device, which makes way for it. It counts as on the device
     * until {@link #done}, and then the other one does again. Company is not waited for.
     *
     * @return empty when the batch is to take its step
     */
    Optional<Batch> takeBefore(Batch batch) {
        lock.lock();
        try {
            if (batch.lane() != Lane.BULK) {
                return Optional.empty();
            }
            Lane next = batch.makesWay() && !closed ? nextBefore(batch) : batch.lane();
            if (next == batch.lane()) {
                shares.serve(next, cost(batch.step()));
                return Optional.empty();
            }
            batch.suspend(nanos.getAsLong());
            return Optional.of(board(next, company(next)));
        } finally {
            lock.unlock();
        }
    }

    private Lane nextBefore(Batch batch) {
        Set<Lane> lanes = lanesThatWait();
        lanes.add(batch.lane());
        return shares.next(lanes).orElseThrow();
    }

    /** The first task of the lane, and those that can be rendered together with it. */
    private List<Waiting> company(Lane lane) {
        Waiting first = queue(lane).element();
        if (first.work().alone()) {
            return List.of(first);
        }
        return queue(lane).stream()
                .filter(other -> !other.work().alone()
                        && other.work().kind().equals(first.work().kind()))
                .limit(limit(lane))
                .toList();
    }

    /** How many nanoseconds more company is waited for: a task that waited while the device was busy waits no longer. */
    private long patience(Lane lane, List<Waiting> company) {
        if (company.size() >= limit(lane) || company.get(0).work().alone()) {
            return 0;
        }
        return company.get(0).since() + batchWait.toNanos() - nanos.getAsLong();
    }

    private int limit(Lane lane) {
        boolean small = lane == Lane.BULK && nanos.getAsLong() - lastInteractive < INTERACTIVE_TRAFFIC.toNanos();
        return small ? Math.min(batchSize, SMALL_BATCH) : batchSize;
    }

    private Batch board(Lane lane, List<Waiting> company) {
        queue(lane).removeAll(new HashSet<>(company));
        List<Work> work = company.stream().map(Waiting::work).toList();
        Duration expected = costs.expected(work.get(0).kind(), work.size());
        if (lane != Lane.BULK) {
            shares.serve(lane, cost(expected));
        }
        Batch batch = new Batch(work, nanos.getAsLong(), expected);
        onDevice.push(batch);
        return batch;
    }

    /** What costs nothing as far as is known takes its turn all the same. */
    private static long cost(Duration expected) {
        return Math.max(1, expected.toNanos());
    }

    /** The batch that was taken last has ended. */
    void done() {
        lock.lock();
        try {
            onDevice.pop();
            if (!onDevice.isEmpty()) {
                onDevice.element().resume(nanos.getAsLong());
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * How long a task that came in this lane now would wait for the device: what is on it, and what would go before. A bulk
     * batch keeps it from more urgent lanes for a step.
     */
    Duration delay(Lane lane) {
        lock.lock();
        try {
            long now = nanos.getAsLong();
            Duration delay = Duration.ZERO;
            for (Batch batch : onDevice) {
                boolean makesWay = batch.makesWay() && isMoreUrgent(lane, batch.lane());
                delay = delay.plus(makesWay ? batch.untilNextStep(now) : batch.remaining(now));
            }
            for (Lane other : Lane.values()) {
                boolean makesWay = other == Lane.BULK && isMoreUrgent(lane, other);
                if (other == lane || (shares.precedes(other, lane) && !makesWay)) {
                    for (Waiting before : queue(other)) {
                        delay = delay.plus(costs.expected(before.work().kind(), 1));
                    }
                }
            }
            return delay;
        } finally {
            lock.unlock();
        }
    }

    /** How many tasks wait in the lane. */
    int size(Lane lane) {
        lock.lock();
        try {
            return queue(lane).size();
        } finally {
            lock.unlock();
        }
    }

    /** No more batches are given out. What still waits is left to its claim. */
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private static boolean isMoreUrgent(Lane one, Lane other) {
        return one.compareTo(other) < 0;
    }

    private Set<Lane> lanesThatWait() {
        Set<Lane> lanes = EnumSet.noneOf(Lane.class);
        waiting.forEach((lane, tasks) -> {
            if (!tasks.isEmpty()) {
                lanes.add(lane);
            }
        });
        return lanes;
    }

    private Deque<Waiting> queue(Lane lane) {
        return waiting.computeIfAbsent(lane, none -> new ArrayDeque<>());
    }
}
