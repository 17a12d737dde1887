package dev.thunderhead.frontend.batch;

import dev.thunderhead.frontend.error.ApiException;
import dev.thunderhead.health.Readiness;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread on which the feeder decides, and those that wait for the store in its place. What
 * they report is dropped when the thread has forgotten everything meanwhile. Thread-safe.
 */
final class FeederThread implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FeederThread.class);
    private static final Duration TICK = Duration.ofMillis(100);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);
    private static final Duration CLOSE = Duration.ofSeconds(5);
    private static final int WAITING_THREADS = 16;
    private static final int WORKING_THREADS = 4;

    private final Runnable round;
    private final Runnable afterFailure;
    private final Readiness readiness;
    private final BlockingQueue<Runnable> inbox = new LinkedBlockingQueue<>();
    private final ExecutorService waiting = Executors.newFixedThreadPool(WAITING_THREADS, FeederThread::other);
    private final ExecutorService working = Executors.newFixedThreadPool(WORKING_THREADS, FeederThread::other);
    private final Executor soon =
            CompletableFuture.delayedExecutor(PAUSE_AFTER_FAILURE.toMillis(), TimeUnit.MILLISECONDS);
    private final Thread thread = new Thread(this::run, "feeder");
    private final AtomicInteger generation = new AtomicInteger();
    private volatile boolean closing;

    /**
     * @param round is run after every report, and from time to time
     * @param afterFailure is run when something went wrong that nobody foresaw
     */
    FeederThread(Runnable round, Runnable afterFailure, Readiness readiness) {
        this.round = round;
        this.afterFailure = afterFailure;
        this.readiness = readiness;
        thread.setDaemon(true);
    }

    private static Thread other(Runnable task) {
        Thread thread = new Thread(task, "feeder-store");
        thread.setDaemon(true);
        return thread;
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            while (!closing) {
                runOnce(inbox.poll(TICK.toMillis(), TimeUnit.MILLISECONDS));
            }
        } catch (InterruptedException closed) {
            LOG.debug("event=feeder_closed");
        } catch (Error problem) {
            LOG.error("event=feeder_died", problem);
            readiness.dead("feeder", "its thread died: " + problem);
        }
    }

    private void runOnce(@Nullable Runnable first) throws InterruptedException {
        try {
            for (Runnable report = first; report != null; report = inbox.poll()) {
                report.run();
            }
            round.run();
        } catch (RuntimeException problem) {
            // What is known here may be wrong by now. What stands in the store is not.
            LOG.error("event=feeder_failed", problem);
            afterFailure.run();
            Thread.sleep(PAUSE_AFTER_FAILURE.toMillis());
        }
    }

    /** Has it run on the thread, whatever happens before. */
    void post(Runnable report) {
        inbox.add(report);
    }

    /** Reports that are under way concern nobody any more. Called on the thread. */
    void forget() {
        generation.incrementAndGet();
    }

    /** How often it has forgotten everything. Called on the thread. */
    int generation() {
        return generation.get();
    }

    /** Has something done that waits for the store, and what comes of it reported. Called on the thread. */
    <T> void later(Callable<T> work, Consumer<T> then, Consumer<Throwable> otherwise) {
        later(waiting, work, then, otherwise);
    }

    /** The same for what takes long, so that nothing else has to wait for it. Called on the thread. */
    <T> void muchLater(Callable<T> work, Consumer<T> then, Consumer<Throwable> otherwise) {
        later(working, work, then, otherwise);
    }

    private <T> void later(Executor others, Callable<T> work, Consumer<T> then, Consumer<Throwable> otherwise) {
        int asked = generation.get();
        others.execute(() -> {
            // It would only be in the way of whoever has been chosen since.
            if (generation.get() == asked) {
                attempt(asked, work, then, otherwise);
            }
        });
    }

    private <T> void attempt(int asked, Callable<T> work, Consumer<T> then, Consumer<Throwable> otherwise) {
        try {
            T result = work.call();
            post(asked, () -> then.accept(result));
        } catch (IOException | ApiException problem) {
            LOG.warn("event=feeder_store_failed problem=\"{}\"", problem.toString());
            soon.execute(() -> post(asked, () -> otherwise.accept(problem)));
        } catch (Exception | Error problem) {
            LOG.error("event=feeder_work_failed", problem);
            soon.execute(() -> post(asked, () -> otherwise.accept(problem)));
        }
    }

    private void post(int asked, Runnable report) {
        post(() -> {
            if (generation.get() == asked) {
                report.run();
            }
        });
    }

    /** Stops; returns when the thread has ended, or after 5 seconds. */
    @Override
    public void close() {
        closing = true;
        thread.interrupt();
        waiting.shutdownNow();
        working.shutdownNow();
        try {
            thread.join(CLOSE.toMillis());
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        }
    }
}
