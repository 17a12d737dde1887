package dev.thunderhead.frontend.queue;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Tells when a reader has come past everything that stood in the journal at the moment of a question. All that ask while
 * one look at the journal's ends is under way share the next one: it starts after each of their questions. Thread-safe.
 */
final class CatchUp {
    /** Nobody waits as long; it only keeps what is never answered from piling up. */
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final Supplier<CompletableFuture<Map<TopicPartition, Long>>> ends;
    private final ConcurrentMap<TopicPartition, Long> positions = new ConcurrentHashMap<>();
    private final Set<Waiter> waiters = ConcurrentHashMap.newKeySet();
    private boolean looking;
    private @Nullable CompletableFuture<Void> next;

    /** @param ends asks where the journal's partitions end; blocks nobody */
    CatchUp(Supplier<CompletableFuture<Map<TopicPartition, Long>>> ends) {
        this.ends = ends;
    }

    private record Waiter(Map<TopicPartition, Long> ends, CompletableFuture<Void> caughtUp) {}

    /** Completes when the reader has come past all that stands in the journal now; fails when that takes too long. */
    synchronized CompletableFuture<Void> caughtUp() {
        CompletableFuture<Void> shared = next;
        if (shared == null) {
            shared = new CompletableFuture<>();
            next = shared;
        }
        if (!looking) {
            look();
        }
        // A copy, since whoever asked may complete it.
        return shared.copy();
    }

    // Called with the lock held, when somebody waits for a look to start.
    private void look() {
        CompletableFuture<Void> asked = next == null ? new CompletableFuture<>() : next;
        next = null;
        looking = true;
        CompletableFuture<?> unused = ends.get().whenComplete((found, problem) -> {
            if (problem == null) {
                await(new Waiter(found, asked));
            } else {
                asked.completeExceptionally(problem);
            }
            looked();
        });
    }

    private synchronized void looked() {
        looking = false;
        if (next != null) {
            look();
        }
    }

    private void await(Waiter waiter) {
        waiters.add(waiter);
        CompletableFuture<?> unused = waiter.caughtUp()
                .orTimeout(LONGEST.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((done, problem) -> waiters.remove(waiter));
        // First listed, then looked: the reader may have passed just between.
        check(waiter);
    }

    private void check(Waiter waiter) {
        if (waiter.ends().entrySet().stream()
                .allMatch(end -> positions.getOrDefault(end.getKey(), 0L) >= end.getValue())) {
            waiter.caughtUp().complete(null);
        }
    }

    /** The reader has folded in everything before these offsets; partitions it does not name stay as they are. */
    void reached(Map<TopicPartition, Long> offsets) {
        positions.putAll(offsets);
        waiters.forEach(this::check);
    }
}
