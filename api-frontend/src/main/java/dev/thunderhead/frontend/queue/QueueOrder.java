package dev.thunderhead.frontend.queue;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The open tasks of a lane in the order they were queued, which tells how many wait before one of them in O(log n): a
 * binary indexed tree (P. Fenwick, "A new data structure for cumulative frequency tables", 1994) over positions that are
 * given out in turn. When they run out, the tasks that are left move together, so it needs memory for twice as many tasks
 * as were open at that moment. Not thread-safe.
 */
final class QueueOrder {
    private static final int SMALLEST = 64;

    private @Nullable KnownTask[] tasks = new KnownTask[SMALLEST];
    private final BitSet waiting = new BitSet();
    /** Node i, from 1, counts those that wait at the positions i - lowestBit(i) to i - 1. */
    private int[] tree = new int[SMALLEST + 1];

    private int head;
    private int end;
    private int size;
    private int waitingSize;

    /** Adds a task that waits, behind all others. */
    void add(KnownTask task) {
        if (end == tasks.length) {
            arrange(all().toArray(KnownTask[]::new));
        }
        place(task, end++, true);
        count(task.position, 1);
        size++;
    }

    /** The task waits no more; more often changes nothing. */
    void begun(KnownTask task) {
        if (waiting.get(task.position)) {
            waiting.clear(task.position);
            waitingSize--;
            count(task.position, -1);
        }
    }

    /** Takes out a task that was added. */
    void remove(KnownTask task) {
        begun(task);
        tasks[task.position] = null;
        size--;
    }

    /** How many tasks wait before that one. */
    int waitingBefore(KnownTask task) {
        int sum = 0;
        for (int node = task.position; node > 0; node -= Integer.lowestOneBit(node)) {
            sum += tree[node];
        }
        return sum;
    }

    /** How many are open, waiting or not. */
    int size() {
        return size;
    }

    /** How many are open and wait no more. */
    int begunSize() {
        return size - waitingSize;
    }

    /** The one that was queued first. */
    Optional<KnownTask> first() {
        while (head < end && tasks[head] == null) {
            head++;
        }
        return head == end ? Optional.empty() : Optional.ofNullable(tasks[head]);
    }

    /** All that are open, in order. */
    Stream<KnownTask> all() {
        return Arrays.stream(tasks, head, end).filter(Objects::nonNull);
    }

    /** Brings them into another order. */
    void sort(Comparator<KnownTask> order) {
        arrange(all().sorted(order).toArray(KnownTask[]::new));
    }

    private void arrange(KnownTask[] order) {
        boolean[] waits = new boolean[order.length];
        for (int i = 0; i < order.length; i++) {
            waits[i] = waiting.get(order[i].position);
        }
        tasks = new KnownTask[Math.max(SMALLEST, 2 * order.length)];
        tree = new int[tasks.length + 1];
        waiting.clear();
        waitingSize = 0;
        head = 0;
        end = order.length;
        for (int i = 0; i < order.length; i++) {
            place(order[i], i, waits[i]);
        }
        for (int node = 1; node < tree.length; node++) {
            tree[node] += waiting.get(node - 1) ? 1 : 0;
            int parent = node + Integer.lowestOneBit(node);
            if (parent < tree.length) {
                tree[parent] += tree[node];
            }
        }
    }

    private void place(KnownTask task, int position, boolean waits) {
        tasks[position] = task;
        task.position = position;
        if (waits) {
            waiting.set(position);
            waitingSize++;
        }
    }

    private void count(int position, int change) {
        for (int node = position + 1; node < tree.length; node += Integer.lowestOneBit(node)) {
            tree[node] += change;
        }
    }
}
