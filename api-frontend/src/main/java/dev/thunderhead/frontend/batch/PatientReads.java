package dev.thunderhead.frontend.batch;

import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads again what the store did not give. A batch's file may take half a million reads, one after the other, and one that
 * failed would have the file begun anew. Blocks. Thread-safe.
 */
final class PatientReads {
    private static final Logger LOG = LoggerFactory.getLogger(PatientReads.class);

    private final Duration firstPause;
    private final int tries;

    /**
     * @param firstPause how long it waits before the second try; each further pause is twice as long
     * @param tries how often it reads at most, at least once
     */
    PatientReads(Duration firstPause, int tries) {
        this.firstPause = firstPause;
        this.tries = tries;
    }

    /** Pauses for about six seconds in all. */
    static PatientReads standard() {
        return new PatientReads(Duration.ofMillis(100), 7);
    }

    /** A read of the store; what it says is missing is no failure. */
    @FunctionalInterface
    interface Read<T> {
        T make() throws IOException;
    }

    /** @throws IOException the last try's, when all have failed */
    <T> T read(Read<T> read) throws IOException {
        Duration pause = firstPause;
        for (int attempt = 1; ; attempt++) {
            try {
                return read.make();
            } catch (IOException problem) {
                if (attempt == tries) {
                    throw problem;
                }
                LOG.warn("event=read_again attempt={} problem=\"{}\"", attempt, problem.toString());
            }
            sleep(pause);
            pause = pause.multipliedBy(2);
        }
    }

    private static void sleep(Duration pause) throws IOException {
        try {
            Thread.sleep(pause.toMillis());
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the store was waited for", interrupt);
        }
    }
}
