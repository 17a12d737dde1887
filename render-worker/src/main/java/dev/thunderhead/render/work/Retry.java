package dev.thunderhead.render.work;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Repeats what failed for want of S3 or Kafka, with growing pauses. Thread-safe. */
final class Retry {
    private static final Logger LOG = LoggerFactory.getLogger(Retry.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final Clock clock;

    /** Something that may fail for a while. */
    @FunctionalInterface
    interface Attempt<T> {
        T run() throws IOException, InterruptedException;
    }

    Retry(Clock clock) {
        this.clock = clock;
    }

    /**
     * Tries until it works.
     *
     * @param limit when to give up
     * @param what names it in the log
     * @throws IOException the last failure, when the time is up
     * @throws InterruptedException when the thread is interrupted, also in an attempt
     */
    <T> T until(Instant limit, String what, Attempt<T> attempt) throws IOException, InterruptedException {
        for (Duration pause = FIRST_PAUSE; ; pause = next(pause)) {
            try {
                return attempt.run();
            } catch (IOException problem) {
                // An interrupted request ends in an exception of its own.
                if (clock.instant().isAfter(limit) || Thread.currentThread().isInterrupted()) {
                    throw problem;
                }
                LOG.warn("event=retry what={} pause={} error=\"{}\"", what, pause, problem.toString());
            }
            Thread.sleep(ThreadLocalRandom.current().nextLong(pause.toMillis() / 2, pause.toMillis()));
        }
    }

    private static Duration next(Duration pause) {
        Duration doubled = pause.multipliedBy(2);
        return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    }
}
