package dev.thunderhead.frontend.retention;

import dev.thunderhead.frontend.file.FileExpiry;
import dev.thunderhead.frontend.file.Files;
import dev.thunderhead.job.JobId;
import dev.thunderhead.storage.RecordStore;
import dev.thunderhead.storage.RecordStore.Entry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what has been kept long enough, page by page and with a pause after each. Job ids run backwards in time, so of
 * each account it lists only what is old. Doing it twice, or on two frontends, is harmless. Thread-safe.
 */
final class Sweeper {
    private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);
    private static final int PAGE = 1_000;
    /** Leaves the store to others nine tenths of the time when a request takes as long as on most. */
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final RecordStore store;
    private final Files files;
    private final Predicate<JobId> isOpen;
    private final BooleanSupplier goOn;
    private final Clock clock;

    /**
     * @param isOpen jobs of which nothing is deleted, however old they are
     * @param goOn asked before every page
     */
    Sweeper(RecordStore store, Predicate<JobId> isOpen, BooleanSupplier goOn, Clock clock) {
        this.store = store;
        this.files = new Files(store, clock);
        this.isOpen = isOpen;
        this.goOn = goOn;
        this.clock = clock;
    }

    /** Deletes what is too old; of a kind that fails, what is left comes next time. Blocks, maybe for hours. */
    void sweep(List<Keeping> kinds) throws InterruptedException {
        for (Keeping kind : kinds) {
            Sweep sweep = new Sweep(kind, clock.instant().minus(kind.kept()));
            try {
                sweep.run();
            } catch (IOException problem) {
                LOG.warn("event=sweep_failed prefix={} problem=\"{}\"", kind.prefix(), problem.getMessage());
            }
            if (sweep.deleted > 0) {
                LOG.info("event=swept prefix={} deleted={} before={}", kind.prefix(), sweep.deleted, sweep.cutoff);
            }
        }
    }

    /** Which objects are to be deleted. */
    private interface Due {
        boolean is(Entry entry);
    }

    /** One way through the objects of a kind. */
    private final class Sweep {
        private final Keeping kind;
        private final Instant cutoff;
        private long deleted;

        Sweep(Keeping kind, Instant cutoff) {
            this.kind = kind;
            this.cutoff = cutoff;
        }

        void run() throws IOException, InterruptedException {
            switch (kind.time()) {
                case JOB -> {
                    for (String account : store.folders(kind.prefix())) {
                        walk(account, account + JobId.listedAfter(cutoff), entry -> isOldJobs(account, entry));
                    }
                }
                case WRITING -> walk(kind.prefix(), "", this::isOld);
                case DELIVERY -> {
                    for (String account : store.folders(kind.prefix())) {
                        walk(account + "deliveries/", "", this::isOld);
                    }
                }
                case EXPIRY -> walk(kind.prefix(), "", this::isDue);
            }
        }

        // A note goes when nothing is left to do about its file.
        private boolean isDue(Entry entry) {
            return FileExpiry.parse(entry.key())
                    .filter(one -> !one.at().isAfter(cutoff))
                    .filter(this::isCleared)
                    .isPresent();
        }

        // Notes come in the order of time: one that fails would keep all later ones from their turn, every time.
        private boolean isCleared(FileExpiry note) {
            try {
                return files.clear(note);
            } catch (IOException problem) {
                LOG.warn("event=file_not_cleared file={} problem=\"{}\"", note.file(), problem.getMessage());
                return false;
            }
        }

        // Notes lie in the order of time.
        private boolean isBeyond(Entry last) {
            return kind.time() == Keeping.From.EXPIRY && last.key().compareTo(FileExpiry.listedBefore(cutoff)) > 0;
        }

        private boolean isOld(Entry entry) {
            return entry.writtenAt().isBefore(cutoff);
        }

        // Where a key is none of ours, nothing follows from its place in the listing.
        private boolean isOldJobs(String account, Entry entry) {
            String job = entry.key().substring(account.length()).replaceFirst("[./].*", "");
            return JobId.parse(job)
                    .filter(id -> !id.createdAt().isAfter(cutoff))
                    .filter(isOpen.negate())
                    .isPresent();
        }

        private void walk(String prefix, String after, Due due) throws IOException, InterruptedException {
            Optional<String> next = Optional.of(after);
            while (next.isPresent() && goOn.getAsBoolean()) {
                List<Entry> page = store.list(prefix, next.get(), PAGE);
                List<String> going = new ArrayList<>();
                for (Entry entry : page) {
                    if (due.is(entry)) {
                        going.add(entry.key());
                    }
                }
                if (!going.isEmpty()) {
                    store.deleteAll(going);
                    deleted += going.size();
                }
                next = page.size() < PAGE || isBeyond(page.get(PAGE - 1))
                        ? Optional.empty()
                        : Optional.of(page.get(PAGE - 1).key());
                Thread.sleep(PAUSE.toMillis());
            }
        }
    }
}
