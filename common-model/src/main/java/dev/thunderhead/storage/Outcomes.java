package dev.thunderhead.storage;

import dev.thunderhead.job.Account;
import dev.thunderhead.job.JobId;
import dev.thunderhead.job.Outcome;
import dev.thunderhead.wire.Json;
import dev.thunderhead.wire.MalformedRecordException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * The one outcome of each task. The first to record one wins; everybody else learns what stands. This is the only fence
 * in the system: whatever else happens twice is harmless because of it.
 *
 * <p>The object is the picture, or a tombstone (the outcome as JSON). Its metadata hold the outcome as JSON under
 * {@code outcome}. Thread-safe.
 */
public final class Outcomes {
    private static final String METADATA = "outcome";
    private static final String TOMBSTONE = "application/json";

    private final ObjectStore store;

    public Outcomes(ObjectStore store) {
        this.store = store;
    }

    /**
     * Records a rendered picture.
     *
     * @return the outcome that stands: the given one, or an earlier one
     */
    public Outcome record(String key, Outcome.Picture picture, byte[] file) throws IOException {
        return record(key, picture, file, picture.format().mediaType());
    }

    /**
     * Records that there will be no picture.
     *
     * @return the outcome that stands: the given one, or an earlier one
     */
    public Outcome record(String key, Outcome.Failed failed) throws IOException {
        return record(key, failed, Json.bytes(failed), TOMBSTONE);
    }

    /**
     * Records that the task was called off.
     *
     * @return the outcome that stands: the given one, or an earlier one
     */
    public Outcome record(String key, Outcome.Cancelled cancelled) throws IOException {
        return record(key, cancelled, Json.bytes(cancelled), TOMBSTONE);
    }

    private Outcome record(String key, Outcome outcome, byte[] content, String mediaType) throws IOException {
        return switch (store.putIfAbsent(key, content, mediaType, Map.of(METADATA, Json.text(outcome)))) {
            case STORED -> outcome;
            case ALREADY_THERE ->
                find(key).orElseThrow(() -> new IOException("the outcome at " + key + " was deleted a moment ago"));
        };
    }

    /** Puts a tombstone in the place of whatever stands at the key: the picture is gone, and none will come. */
    public static void erase(RecordStore store, String key, Outcome.Cancelled tombstone) throws IOException {
        store.put(key, Json.bytes(tombstone), TOMBSTONE, Map.of(METADATA, Json.text(tombstone)));
    }

    /** Whether some task of the job has ended. */
    public boolean anyOf(Account account, JobId job) throws IOException {
        return !store.list(ObjectKeys.outcomes(account, job)).isEmpty();
    }

    /** The outcome that stands at the key, if the task has ended. */
    public Optional<Outcome> find(String key) throws IOException {
        Optional<ObjectStore.Head> head = store.head(key);
        if (head.isEmpty()) {
            return Optional.empty();
        }
        String outcome = head.get().metadata().get(METADATA);
        if (outcome == null) {
            throw new IOException(
                    "the outcome at " + key + " cannot be read",
                    new MalformedRecordException("the object has no metadata named " + METADATA, null));
        }
        try {
            return Optional.of(Json.read(outcome.getBytes(StandardCharsets.UTF_8), Outcome.class));
        } catch (MalformedRecordException problem) {
            throw new IOException("the outcome at " + key + " cannot be read", problem);
        }
    }
}
