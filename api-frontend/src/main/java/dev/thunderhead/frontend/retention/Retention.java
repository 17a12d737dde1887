package dev.thunderhead.frontend.retention;

import dev.thunderhead.frontend.lifecycle.Ticker;
import dev.thunderhead.job.JobId;
import dev.thunderhead.storage.Lifecycle;
import dev.thunderhead.storage.RecordStore;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that nothing is kept longer than it should be. Where the store has rules for that, it is given ours, and does
 * the work; what no rule can tell, and everything where there are none, is swept once an hour. One frontend does it: the
 * one that owns the first partition. Thread-safe.
 */
public final class Retention implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration PERIOD = Duration.ofHours(1);

    private final Lifecycle lifecycle;
    private final List<Keeping> kinds;
    private final Sweeper sweeper;
    private final BooleanSupplier owner;
    private final Clock clock;
    private final Ticker rounds;
    private Instant next = Instant.MIN;
    private boolean hasRules = true;

    /**
     * Starts.
     *
     * @param isOpen jobs of which nothing is deleted, however old they are
     * @param owner whether this frontend is the one
     */
    public Retention(
            RetentionSettings settings,
            RecordStore store,
            Lifecycle lifecycle,
            Predicate<JobId> isOpen,
            BooleanSupplier owner,
            Clock clock) {
        this.lifecycle = lifecycle;
        this.kinds = Keeping.all(settings);
        this.sweeper = new Sweeper(store, isOpen, owner, clock);
        this.owner = owner;
        this.clock = clock;
        this.rounds = Ticker.start("retention", LOOK, this::look);
    }

    // Runs on the ticker's thread alone.
    private void look() {
        Instant now = clock.instant();
        if (!owner.getAsBoolean() || now.isBefore(next)) {
            return;
        }
        next = now.plus(PERIOD);
        try {
            sweeper.sweep(leftToSweep());
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private List<Keeping> leftToSweep() {
        return hasRules && rulesAreSet()
                ? kinds.stream().filter(kind -> !kind.suitsRule()).toList()
                : kinds;
    }

    private boolean rulesAreSet() {
        try {
            // A store that once said that it has no rules is not asked again.
            hasRules = lifecycle.expire(
                    kinds.stream().filter(Keeping::suitsRule).map(Keeping::rule).toList());
            LOG.info("event=lifecycle by={}", hasRules ? "store" : "sweeps");
            return hasRules;
        } catch (IOException problem) {
            LOG.warn("event=lifecycle_not_set problem=\"{}\"", problem.getMessage());
            return false;
        }
    }

    /** Stops, also in the middle of a sweep. */
    @Override
    public void close() {
        rounds.close();
    }
}
