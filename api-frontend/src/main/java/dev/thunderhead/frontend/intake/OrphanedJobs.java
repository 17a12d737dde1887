package dev.thunderhead.frontend.intake;

import dev.thunderhead.job.Account;
import dev.thunderhead.job.JobId;
import dev.thunderhead.storage.ObjectStore;
import dev.thunderhead.storage.RecordStore;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Jobs whose client does not wait any more, and may come back with the same request: its SDK tries again by itself after a
 * timeout. Such a job is left in the store as
 * {@code orphans/<account>/<fingerprint of the request>/<job>-<attempt>.left}; whoever writes {@code ….taken} beside it
 * takes it over, on any frontend, and nobody else can. All verbs block. Thread-safe.
 */
public final class OrphanedJobs {
    /** The prefix of all orphans. */
    public static final String PREFIX = "orphans/";

    /** How long a job waits to be taken over. SDKs come back within seconds. */
    public static final Duration KEPT = Duration.ofMinutes(10);

    private static final String LEFT = ".left";
    private static final String TAKEN = ".taken";
    private static final String MEDIA_TYPE = "text/plain";
    private static final int MANY = 1_000;

    private final RecordStore store;
    private final Clock clock;

    public OrphanedJobs(RecordStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * A job that was left.
     *
     * @param attempt how often the client's SDK had tried again by then
     */
    public record Orphan(Account account, Fingerprint request, JobId job, int attempt) {
        private String key(String ending) {
            return folder(account, request) + job + "-" + attempt + ending;
        }
    }

    private static String folder(Account account, Fingerprint request) {
        return PREFIX + account + "/" + request.value() + "/";
    }

    /** Leaves a job to whoever comes back for it. */
    public void leave(Orphan orphan) throws IOException {
        store.putIfAbsent(orphan.key(LEFT), new byte[0], MEDIA_TYPE, Map.of());
    }

    /** Takes an orphan over; false when somebody else has. */
    public boolean take(Orphan orphan) throws IOException {
        return store.putIfAbsent(orphan.key(TAKEN), new byte[0], MEDIA_TYPE, Map.of()) == ObjectStore.Put.STORED;
    }

    /** Takes over a job that such a request left, if there is one: the newest. */
    public Optional<JobId> take(Account account, Fingerprint request) throws IOException {
        String folder = folder(account, request);
        List<RecordStore.Entry> entries = store.list(folder, "", MANY);
        Set<String> keys = entries.stream().map(RecordStore.Entry::key).collect(Collectors.toSet());
        for (RecordStore.Entry entry : entries) {
            if (!entry.key().endsWith(LEFT) || !entry.writtenAt().plus(KEPT).isAfter(clock.instant())) {
                continue;
            }
            String name = entry.key().substring(folder.length(), entry.key().length() - LEFT.length());
            int dash = name.lastIndexOf('-');
            Orphan orphan = new Orphan(
                    account, request, new JobId(name.substring(0, dash)), Integer.parseInt(name.substring(dash + 1)));
            if (!keys.contains(orphan.key(TAKEN)) && take(orphan)) {
                return Optional.of(orphan.job());
            }
        }
        return Optional.empty();
    }
}
