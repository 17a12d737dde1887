package dev.thunderhead.frontend.intake;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.thunderhead.frontend.error.ApiError;
import dev.thunderhead.frontend.error.ApiException;
import dev.thunderhead.frontend.error.ErrorKind;
import dev.thunderhead.frontend.error.Retry;
import dev.thunderhead.job.Account;
import dev.thunderhead.storage.ObjectStore;
import dev.thunderhead.storage.RecordStore;
import dev.thunderhead.wire.Json;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What each idempotency key was used for, in the store: {@code idempotency/<account>/<SHA-256 of the key>.json}. A key is
 * good for 24 hours, which is judged when it is read. All verbs block. Thread-safe, also between frontends: of several at
 * once, one claims.
 */
public final class IdempotencyKeys {
    /** How long a key means what it was first used for. */
    public static final Duration KEPT = Duration.ofHours(24);

    /** The prefix of all keys. */
    public static final String PREFIX = "idempotency/";

    private static final String MEDIA_TYPE = "application/json";
    private static final int ATTEMPTS = 10;

    private final RecordStore store;
    private final Clock clock;

    public IdempotencyKeys(RecordStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * What a key was first used for.
     *
     * @param request the request that used it
     * @param resource id of what the request creates, decided before it is created: whoever finds the entry can create it
     * @param seed what else was drawn for it
     * @param createdAt when the key was used first
     * @param takenAt when somebody last set about creating it
     */
    public record Entry(
            Fingerprint request,
            String resource,
            long seed,
            @JsonProperty("created_at") Instant createdAt,
            @JsonProperty("taken_at") Instant takenAt) {
        /**
         * Insists that the key is used for what it was used for first.
         *
         * @throws ApiException when it is not
         */
        public void requireSame(Fingerprint other) {
            if (!request.equals(other)) {
                throw reused();
            }
        }
    }

    /** The answer to a key that was used for something else. */
    public static ApiException reused() {
        return new ApiError(
                        ErrorKind.UNPROCESSABLE,
                        "idempotency_key_reused",
                        IdempotencyKey.HEADER,
                        "this " + IdempotencyKey.HEADER + " was used for another request; take a new one",
                        new Retry.Never())
                .asException();
    }

    /** What the key was used for in the last 24 hours. */
    public Optional<Entry> find(Account account, IdempotencyKey key) throws IOException {
        return store.get(path(account, key))
                .map(json -> Json.read(json, Entry.class))
                .filter(this::isValid);
    }

    /**
     * Uses the key, if it has not been used.
     *
     * @return what it stands for now: the given entry, or an earlier one
     */
    public Entry claim(Account account, IdempotencyKey key, Entry fresh) throws IOException {
        String path = path(account, key);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            if (store.putIfAbsent(path, Json.bytes(fresh), MEDIA_TYPE, Map.of()) == ObjectStore.Put.STORED) {
                return fresh;
            }
            Optional<RecordStore.Versioned> standing = store.getVersioned(path);
            if (standing.isEmpty()) {
                continue;
            }
            Entry entry = Json.read(standing.get().content(), Entry.class);
            if (isValid(entry)) {
                return entry;
            }
            if (store.replace(
                    path, Json.bytes(fresh), MEDIA_TYPE, standing.get().version())) {
                return fresh;
            }
        }
        throw new IOException("the idempotency key is fought over");
    }

    /**
     * Puts another entry in the place of one, if nobody else has.
     *
     * @return whether that was so
     */
    public boolean replace(Account account, IdempotencyKey key, Entry seen, Entry next) throws IOException {
        String path = path(account, key);
        Optional<RecordStore.Versioned> standing = store.getVersioned(path);
        return standing.isPresent()
                && Json.read(standing.get().content(), Entry.class).equals(seen)
                && store.replace(
                        path, Json.bytes(next), MEDIA_TYPE, standing.get().version());
    }

    /** Makes the key as good as new, if the entry still stands: nothing was created under it, and nothing will be. */
    public void release(Account account, IdempotencyKey key, Entry entry) throws IOException {
        replace(
                account,
                key,
                entry,
                new Entry(entry.request(), entry.resource(), entry.seed(), Instant.EPOCH, Instant.EPOCH));
    }

    private boolean isValid(Entry entry) {
        return entry.createdAt().plus(KEPT).isAfter(clock.instant());
    }

    private static String path(Account account, IdempotencyKey key) {
        return PREFIX + account + "/" + Fingerprint.of(key.value()).value() + ".json";
    }
}
