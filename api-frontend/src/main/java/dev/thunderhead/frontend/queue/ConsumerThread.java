package dev.thunderhead.frontend.queue;

import dev.thunderhead.health.Readiness;
import java.time.Duration;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that a consumer belongs to. When it dies, health fails: nobody else would do its work. {@link #start}
 * and {@link #close} may be called from any thread.
 */
final class ConsumerThread implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ConsumerThread.class);
    private static final Duration CLOSE = Duration.ofSeconds(5);

    private final String part;
    private final Consumer<String, byte[]> consumer;
    private final Readiness readiness;
    private final Preparation preparation;
    private final Runnable round;
    private final Thread thread;
    private volatile boolean closing;

    /** What is done once, first. */
    @FunctionalInterface
    interface Preparation {
        void run() throws Exception;
    }

    /**
     * @param part names the thread, and the part of the service that dies with it
     * @param round is run again and again; polls
     */
    ConsumerThread(
            String part,
            Consumer<String, byte[]> consumer,
            Readiness readiness,
            Preparation preparation,
            Runnable round) {
        this.part = part;
        this.consumer = consumer;
        this.readiness = readiness;
        this.preparation = preparation;
        this.round = round;
        this.thread = new Thread(this::run, part);
        this.thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try (consumer) {
            preparation.run();
            while (!closing) {
                round.run();
            }
        } catch (WakeupException wakeup) {
            LOG.debug("event=consumer_closed part={}", part);
        } catch (Exception | Error problem) {
            LOG.error("event=consumer_died part={}", part, problem);
            readiness.dead(part, "its thread died: " + problem);
        }
    }

    /** Stops it; returns when the thread has ended, or after 5 seconds. */
    @Override
    public void close() {
        closing = true;
        consumer.wakeup();
        try {
            thread.join(CLOSE.toMillis());
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        }
    }
}
