package dev.thunderhead.render.work;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what waits for the store and for Kafka on threads of its own. Whatever goes wrong there, the delivery gets a
 * verdict: without one its claim would renew it for ever. Thread-safe.
 */
final class TaskIo {
    private static final Logger LOG = LoggerFactory.getLogger(TaskIo.class);

    private final Executor threads;
    private final Attempts attempts;
    private final Duration pause;
    private final WorkMetrics metrics;

    /** Something that is done for one task. */
    @FunctionalInterface
    interface Step {
        void run() throws IOException, InterruptedException;
    }

    /** @param pause before a task is given back, so that a short trouble does not spend all of its deliveries */
    TaskIo(Executor threads, Attempts attempts, Duration pause, WorkMetrics metrics) {
        this.threads = threads;
        this.attempts = attempts;
        this.pause = pause;
        this.metrics = metrics;
    }

    /**
     * Does the step, some time soon. When it fails, the delivery is given back, or ended if Kafka would not repeat it.
     *
     * @param task names it in the log
     * @param lastResort ends the task in the simplest way
     */
    void execute(Delivery delivery, String task, Step step, Step lastResort) {
        threads.execute(() -> {
            try {
                step.run();
            } catch (InterruptedException interrupt) {
                // The worker stops, and its claims give back what has not ended.
                Thread.currentThread().interrupt();
            } catch (Throwable problem) {
                if (!Thread.currentThread().isInterrupted()) {
                    LOG.error("event=task_io_failed task={}", task, problem);
                    metrics.ioError();
                    pauseAndGiveBack(delivery, task, lastResort);
                }
            }
        });
    }

    /** Lets another worker have the task, some time soon, or ends it if Kafka would not deliver it again. */
    void giveBack(Delivery delivery, String task, Step lastResort) {
        threads.execute(() -> giveBackNow(delivery, task, lastResort));
    }

    /** The claim has lost the record: whoever has it by now shall not find a marker that looks like a failed attempt. */
    void withdrawWhenLost(Delivery delivery) {
        CompletableFuture<Void> unused = delivery.lost().thenRunAsync(() -> attempts.withdraw(delivery), threads);
    }

    private void pauseAndGiveBack(Delivery delivery, String task, Step lastResort) {
        try {
            Thread.sleep(pause.toMillis());
            giveBackNow(delivery, task, lastResort);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        }
    }

    private void giveBackNow(Delivery delivery, String task, Step lastResort) {
        if (delivery.verdict().isDone()) {
            return;
        }
        try {
            if (delivery.isLast()) {
                lastResort.run();
            }
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            return;
        } catch (Throwable problem) {
            LOG.error("event=last_resort_failed task={}", task, problem);
        }
        // A worker that is being stopped withdraws all markers and gives all back itself.
        if (!delivery.verdict().isDone() && !Thread.currentThread().isInterrupted()) {
            LOG.warn("event=task_given_back task={}", task);
            attempts.withdraw(delivery);
            delivery.giveBack();
        }
    }
}
