package dev.thunderhead.frontend.batch;

import dev.thunderhead.frontend.error.ApiException;
import dev.thunderhead.health.Readiness;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
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

    private final Runnable round;
    private final Runnable afterFailure;
    private final Readiness readiness;
    private final BlockingQueue<Runnable> inbox = new LinkedBlockingQueue<>();
    private final Map<Work, ExecutorService> others = new EnumMap<>(Work.class);
    private final Executor soon =
            CompletableFuture.delayedExecutor(PAUSE_AFTER_FAILURE.toMillis(), TimeUnit.MILLISECONDS);
    private final Thread thread = new Thread(this::run, "feeder");
    private final AtomicInteger generation = new AtomicInteger();
    private volatile boolean closing;

    /** What others do in its place; each kind has threads of its own, so that none has to wait for one that takes longer. */
    enum Work {
        /** What takes the store a moment. */
        SHORT(16),
        /** Reading whole files, which takes seconds. */
        READING(4),
        /** Writing whole files, which takes seconds as well. */
        WRITING(4),
        /** Writing files that are so large that it may take hours. */
        WRITING_MUCH(4);

        private final int threads;

        Work(int threads) {
            this.threads = threads;
        }
    }

    /** Why there is no result. */
    enum Failure {
        /** The store could not be asked: it can be tried again. */
        STORE,
        /** Nobody knows: what was worked on may be spoiled. */
        UNFORESEEN
    }

    /**
     * @param round is run after every report, and from time to time
     * @param afterFailure is run when something went wrong that nobody foresaw
     */
    FeederThread(Runnable round, Runnable afterFailure, Readiness readiness) {
        this.round = round;
        this.afterFailure = afterFailure;
        this.readiness = readiness;
        for (Work work : Work.values()) {
            others.put(work, Executors.newFixedThreadPool(work.threads, FeederThread::other));
        }
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
        } catch (RuntimeException | Error problem) {
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

    /**
     * Whether what is asked for at this moment still concerns anybody; what takes long should ask now and then. Called on
     * the thread; what it gives may be asked on any.
     */
    BooleanSupplier wanted() {
        int asked = generation.get();
        return () -> generation.get() == asked && !closing;
    }

    /**
     * Has something done that waits for the store, and what comes of it reported; a failure after a pause. Called on the
     * thread.
     */
    <T> void later(Work kind, Callable<T> work, Consumer<T> then, Consumer<Failure> otherwise) {
        BooleanSupplier wanted = wanted();
        Objects.requireNonNull(others.get(kind), "each kind has its threads").execute(() -> {
            // It would only be in the way of whoever has been chosen since.
            if (wanted.getAsBoolean()) {
                attempt(wanted, work, then, otherwise);
            }
        });
    }

    private <T> void attempt(BooleanSupplier wanted, Callable<T> work, Consumer<T> then, Consumer<Failure> otherwise) {
        try {
            T result = work.call();
            post(wanted, () -> then.accept(result));
        } catch (IOException | ApiException problem) {
            LOG.warn("event=feeder_store_failed problem=\"{}\"", problem.toString());
            soon.execute(() -> post(wanted, () -> otherwise.accept(Failure.STORE)));
        } catch (Exception | Error problem) {
            LOG.error("event=feeder_work_failed", problem);
            soon.execute(() -> post(wanted, () -> otherwise.accept(Failure.UNFORESEEN)));
        }
    }

    private void post(BooleanSupplier wanted, Runnable report) {
        post(() -> {
            if (wanted.getAsBoolean()) {
                report.run();
            }
        });
    }

    /** Stops; returns when the thread has ended, or after 5 seconds. */
    @Override
    public void close() {
        closing = true;
        thread.interrupt();
        others.values().forEach(ExecutorService::shutdownNow);
        try {
            thread.join(CLOSE.toMillis());
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        }
    }
}
