package dev.thunderhead.frontend.batch;

import dev.thunderhead.job.Account;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which batch is fed next: one of the account that has the fewest tasks in the queue, and of its batches the one that has
 * the fewest; of equals, whoever was fed longest ago. So accounts have equal shares of the queue, and then batches, and one
 * that comes new gets its whole share at once. Not thread-safe.
 */
final class FeedOrder {
    private final Map<Account, Long> lastFed = new HashMap<>();
    private long turns;

    /** The next one of those that have a line to queue. */
    Optional<RunningBatch> next(Collection<RunningBatch> batches) {
        Map<Account, Integer> open = new HashMap<>();
        batches.forEach(batch -> open.merge(batch.account(), batch.openTasks(), Integer::sum));
        return batches.stream()
                .filter(batch -> batch.source().isReady())
                .min(Comparator.comparingInt((RunningBatch batch) -> open.getOrDefault(batch.account(), 0))
                        .thenComparingLong(batch -> lastFed.getOrDefault(batch.account(), 0L))
                        .thenComparingInt(RunningBatch::openTasks)
                        .thenComparingLong(RunningBatch::lastFed));
    }

    /** The batch is fed a line now. */
    void fed(RunningBatch batch) {
        turns++;
        lastFed.put(batch.account(), turns);
        batch.fed(turns);
    }

    /** Forgets accounts that have no batch. */
    void forgetAllBut(Collection<Account> accounts) {
        lastFed.keySet().retainAll(accounts);
    }
}
