package dev.thunderhead.frontend.webhook;

import dev.thunderhead.frontend.lifecycle.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers what became of deliveries for a moment, and writes it down together. What cannot be written is tried again with
 * what comes next. Thread-safe by its own lock.
 */
public final class DeliveryLogWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DeliveryLogWriter.class);
    private static final Duration ROUND = Duration.ofMillis(200);
    private static final int THREADS = 16;
    /** More than this is not kept in memory while the store is away. */
    private static final int MOST = 50_000;

    private final DeliveryLog log;
    private final ExecutorService hands = Executors.newFixedThreadPool(THREADS, DeliveryLogWriter::thread);
    private final Ticker rounds;
    private Map<String, Map<String, DeliveryLog.Entry>> gathered = new HashMap<>();
    private int size;

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

    /** Will be written within moments. */
    void write(DeliveryLog.Entry entry) {
        if (!add(DeliveryLog.key(entry.delivery()), entry)) {
            LOG.warn("event=webhook_not_logged delivery={}", entry.delivery().id());
        }
    }

    private synchronized boolean add(String key, DeliveryLog.Entry entry) {
        if (size >= MOST) {
            return false;
        }
        size++;
        gathered.computeIfAbsent(key, name -> new HashMap<>())
                .merge(entry.delivery().id(), entry, DeliveryLog.Entry::latest);
        return true;
    }

    private synchronized Map<String, Map<String, DeliveryLog.Entry>> takeAll() {
        Map<String, Map<String, DeliveryLog.Entry>> all = gathered;
        gathered = new HashMap<>();
        size = 0;
        return all;
    }

    private void flush() {
        List<Callable<Void>> writes = new ArrayList<>();
        takeAll()
                .forEach((key, entries) -> writes.add(() -> {
                    write(key, entries);
                    return null;
                }));
        try {
            hands.invokeAll(writes);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(String key, Map<String, DeliveryLog.Entry> entries) {
        try {
            log.write(key, entries.values());
        } catch (IOException problem) {
            LOG.warn("event=webhook_log_late key={} problem={}", key, problem.getMessage());
            entries.values().forEach(entry -> add(key, entry));
        }
    }

    /** Writes what is left. */
    @Override
    public void close() {
        rounds.close();
        flush();
        hands.shutdownNow();
    }
}
