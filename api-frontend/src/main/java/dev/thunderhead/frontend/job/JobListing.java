package dev.thunderhead.frontend.job;

import dev.thunderhead.frontend.listing.Page;
import dev.thunderhead.job.Account;
import dev.thunderhead.job.JobId;
import dev.thunderhead.job.JobRecord;
import dev.thunderhead.job.JobStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/**
 * Lists an account's jobs, the newest first: the open ones from memory, the ended ones from the store. It goes through both
 * side by side, and reads records by the hundred at once, where {@link dev.thunderhead.frontend.listing.RecordListing} has
 * the store alone to go through. Thread-safe.
 */
public final class JobListing {
    /** How many records one listing reads at most while it looks for jobs of a certain status. */
    private static final int READ_AT_MOST = 1_000;

    private static final int PART = 100;

    private final KnownJobs known;
    private final JobRecords records;
    private final Executor readers;

    /** @param readers read records, several at once */
    public JobListing(KnownJobs known, JobRecords records, Executor readers) {
        this.known = known;
        this.records = records;
        this.readers = readers;
    }

    /**
     * The next jobs of an account. Blocks.
     *
     * @param after only jobs older than this one
     * @param status only jobs that are so
     * @param limit at most so many
     */
    public Page<JobId, FoundJob> list(Account account, Optional<JobId> after, Optional<JobStatus> status, int limit)
            throws IOException {
        List<FoundJob> found = new ArrayList<>();
        Optional<JobId> behind = after;
        for (int read = 0; read < READ_AT_MOST; read += PART) {
            Map<JobId, Optional<FoundJob>> part = part(account, behind);
            for (Map.Entry<JobId, Optional<FoundJob>> entry : part.entrySet()) {
                Optional<FoundJob> wanted =
                        entry.getValue().filter(job -> status.isEmpty() || status.get() == job.status());
                if (wanted.isPresent() && found.size() == limit) {
                    return new Page<>(found, behind);
                }
                wanted.ifPresent(found::add);
                behind = Optional.of(entry.getKey());
            }
            if (part.size() < PART) {
                return new Page<>(found, Optional.empty());
            }
        }
        return new Page<>(found, behind);
    }

    /** The next {@value #PART} ids, fewer only at the end; a deleted job's stands for nothing. */
    private Map<JobId, Optional<FoundJob>> part(Account account, Optional<JobId> after) throws IOException {
        TreeMap<JobId, Optional<FoundJob>> part = new TreeMap<>(Comparator.comparing(JobId::value));
        for (JobState state : known.of(account, after, PART)) {
            part.put(state.id(), Optional.of(FoundJob.of(state)));
        }
        List<JobId> recorded = records.list(account, after, PART);
        Optional<JobId> last = recorded.size() < PART ? Optional.empty() : Optional.of(recorded.get(PART - 1));
        // What memory knows behind the last record of this part comes with the next one.
        last.ifPresent(id -> part.tailMap(id, false).clear());
        read(account, recorded).forEach(part::put);
        while (part.size() > PART) {
            part.pollLastEntry();
        }
        return part;
    }

    private Map<JobId, Optional<FoundJob>> read(Account account, List<JobId> ids) throws IOException {
        Map<JobId, CompletableFuture<Optional<FoundJob>>> reading = new TreeMap<>(Comparator.comparing(JobId::value));
        ids.forEach(id -> reading.put(id, CompletableFuture.supplyAsync(() -> read(account, id), readers)));
        Map<JobId, Optional<FoundJob>> all = new TreeMap<>(Comparator.comparing(JobId::value));
        try {
            reading.forEach((id, job) -> all.put(id, job.join()));
        } catch (CompletionException problem) {
            if (problem.getCause() instanceof UncheckedIOException store) {
                throw store.getCause();
            }
            throw problem;
        }
        return all;
    }

    private Optional<FoundJob> read(Account account, JobId id) {
        try {
            return records.find(account, id)
                    .flatMap(record -> record instanceof JobRecord.Finished finished
                            ? Optional.of(new FoundJob.Ended(finished))
                            : Optional.empty());
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }
}
