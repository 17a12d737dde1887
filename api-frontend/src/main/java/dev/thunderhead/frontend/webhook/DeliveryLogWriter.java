package dev.thunderhead.frontend.webhook;

import dev.thunderhead.frontend.lifecycle.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers what became of deliveries for a moment, and writes it down together. What cannot be written is tried again with
 * what comes next; while much waits to be written, nothing more should be begun. Thread-safe by its own lock.
 */
public final class DeliveryLogWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DeliveryLogWriter.class);
    private static final Duration ROUND = Duration.ofMillis(200);
    private static final int THREADS = 16;
    /** As many entries in memory are enough while the store is away. */
    private static final int ENOUGH = 50_000;

    private final DeliveryLog log;
    private final ExecutorService hands = Executors.newFixedThreadPool(THREADS, DeliveryLogWriter::thread);
    private final Object flushing = new Object();
    private final Ticker rounds;
    private Map<String, Batch> gathered = new HashMap<>();
    private int size;

    /** What goes into one object. */
    private static final class Batch {
        private final Map<String, DeliveryLog.Entry> entries = new HashMap<>();
        private final CompletableFuture<Void> written = new CompletableFuture<>();
    }

    /** Starts writing. */
    public DeliveryLogWriter(DeliveryLog log) {
        this.log = log;
        this.rounds = Ticker.start("webhook-log-rounds", ROUND, this::flush);
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "webhook-log");
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Will be written within moments, or as soon as the store is back.
     *
     * @return done when it is written; never if it has not been when this closes
     */
    synchronized CompletableFuture<Void> write(DeliveryLog.Entry entry) {
        return gather(DeliveryLog.key(entry.delivery()), List.of(entry));
    }

    /** Whether so much waits to be written that nothing should be begun which has to be written down. */
    synchronized boolean isFull() {
        return size >= ENOUGH;
    }

    private synchronized CompletableFuture<Void> gather(String key, Collection<DeliveryLog.Entry> entries) {
        Batch batch = gathered.computeIfAbsent(key, name -> new Batch());
        int before = batch.entries.size();
        entries.forEach(entry -> batch.entries.merge(entry.delivery().id(), entry, DeliveryLog.Entry::latest));
        size += batch.entries.size() - before;
        return batch.written;
    }

    private synchronized Map<String, Batch> takeAll() {
        Map<String, Batch> all = gathered;
        gathered = new HashMap<>();
        size = 0;
        return all;
    }

    // One at a time: the last one, when this closes, has to see what the one before puts back.
    private void flush() {
        synchronized (flushing) {
            writeAll(takeAll());
        }
    }

    private void writeAll(Map<String, Batch> all) {
        List<Callable<Void>> writes = new ArrayList<>();
        all.forEach((key, batch) -> writes.add(() -> {
            write(key, batch);
            return null;
        }));
        try {
            hands.invokeAll(writes);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        }
        // Those that failed, and those that an interrupt kept from being begun.
        all.forEach((key, batch) -> {
            if (!batch.written.isDone()) {
                CompletableFuture<Void> unused =
                        gather(key, batch.entries.values()).thenRun(() -> batch.written.complete(null));
            }
        });
    }

    private void write(String key, Batch batch) {
        try {
            log.write(key, batch.entries.values());
        } catch (IOException | RuntimeException problem) {
            LOG.warn("event=webhook_log_late key={} problem={}", key, problem.getMessage());
            return;
        }
        batch.written.complete(null);
    }

    /** Writes what is left. */
    @Override
    public void close() {
        rounds.close();
        flush();
        hands.shutdownNow();
    }
}
