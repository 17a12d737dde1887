package dev.thunderhead.frontend.job;

import dev.thunderhead.job.Account;
import dev.thunderhead.job.JobId;
import dev.thunderhead.job.JobRecord;
import dev.thunderhead.storage.ObjectKeys;
import dev.thunderhead.storage.ObjectStore;
import dev.thunderhead.storage.RecordStore;
import dev.thunderhead.wire.Json;
import dev.thunderhead.wire.MalformedRecordException;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The one record of each job that has ended. All verbs block. Thread-safe. */
public final class JobRecords {
    private static final String MEDIA_TYPE = "application/json";
    private static final String ENDING = ".json";

    private final RecordStore store;

    public JobRecords(RecordStore store) {
        this.store = store;
    }

    /**
     * The record that stands.
     *
     * @param earlier whether somebody had written it before
     */
    public record Standing(JobRecord record, boolean earlier) {}

    /** Writes the record, unless one stands. */
    public Standing write(JobRecord.Finished record) throws IOException {
        String key = ObjectKeys.job(record.account(), record.id());
        // Written as the sealed type, so that it says which one it is.
        if (store.putIfAbsent(key, Json.bytes((JobRecord) record), MEDIA_TYPE, Map.of()) == ObjectStore.Put.STORED) {
            return new Standing(record, false);
        }
        return find(record.account(), record.id())
                .map(earlier -> new Standing(earlier, true))
                .orElseThrow(() -> new IOException("the record at " + key + " was deleted a moment ago"));
    }

    /** Puts a tombstone in the place of the record, so that no late event brings the job back. */
    public void delete(Account account, JobId job, Instant now) throws IOException {
        JobRecord deleted = new JobRecord.Deleted(job, now);
        store.put(ObjectKeys.job(account, job), Json.bytes(deleted), MEDIA_TYPE, Map.of());
    }

    public Optional<JobRecord> find(Account account, JobId job) throws IOException {
        Optional<byte[]> json = store.get(ObjectKeys.job(account, job));
        try {
            return json.map(bytes -> Json.read(bytes, JobRecord.class));
        } catch (MalformedRecordException problem) {
            throw new IOException("the record of " + job + " cannot be read", problem);
        }
    }

    /**
     * The jobs of an account that have a record, the newest first.
     *
     * @param after only jobs older than this one
     */
    public List<JobId> list(Account account, Optional<JobId> after, int limit) throws IOException {
        String prefix = ObjectKeys.jobs(account);
        String from = after.map(job -> ObjectKeys.job(account, job)).orElse("");
        return store.list(prefix, from, limit).stream()
                .map(RecordStore.Entry::key)
                .flatMap(key -> JobId.parse(key.substring(prefix.length(), key.length() - ENDING.length())).stream())
                .toList();
    }
}
