package dev.thunderhead.frontend.lifecycle;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs something again and again on a thread of its own; what one round throws is logged, and the next one comes. */
public final class Ticker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Ticker.class);

    private final Duration pause;
    private final Runnable round;
    private final Thread thread;

    private Ticker(String name, Duration pause, Runnable round) {
        this.pause = pause;
        this.round = round;
        this.thread = new Thread(this::run, name);
        this.thread.setDaemon(true);
    }

    /** @param pause before the first round, and between two */
    public static Ticker start(String name, Duration pause, Runnable round) {
        Ticker ticker = new Ticker(name, pause, round);
        ticker.thread.start();
        return ticker;
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Thread.sleep(pause.toMillis());
                runOnce();
            }
        } catch (InterruptedException closed) {
            LOG.debug("event=ticker_closed thread={}", thread.getName());
        }
    }

    private void runOnce() {
        try {
            round.run();
        } catch (RuntimeException problem) {
            LOG.error("event=round_failed thread={}", thread.getName(), problem);
        }
    }

    /** Interrupts the round that runs, and lets no other follow. */
    @Override
    public void close() {
        thread.interrupt();
    }
}
