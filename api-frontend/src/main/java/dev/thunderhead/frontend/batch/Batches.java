package dev.thunderhead.frontend.batch;

import dev.thunderhead.frontend.listing.Page;
import dev.thunderhead.frontend.listing.RecordListing;
import dev.thunderhead.job.Account;
import dev.thunderhead.storage.ObjectKeys;
import dev.thunderhead.storage.ObjectStore;
import dev.thunderhead.storage.RecordStore;
import dev.thunderhead.wire.Json;
import dev.thunderhead.wire.MalformedRecordException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The batches of all accounts. All verbs block. Thread-safe. */
public final class Batches {
    private static final String JSON = "application/json";
    private static final int ATTEMPTS = 20;
    private static final int PAGE = 1_000;

    private final RecordStore store;
    private final RecordListing<BatchId, Batch> listing;

    public Batches(RecordStore store) {
        this.store = store;
        this.listing = new RecordListing<>(store, BatchId::parse);
    }

    /** Which batch, and whose. */
    public record Name(Account account, BatchId id) {
        @Override
        public String toString() {
            return id.value();
        }
    }

    /**
     * Keeps a new batch, and a note that it has not ended.
     *
     * @return the batch that stands: the given one, or an earlier one of the same id
     */
    Batch create(Batch batch) throws IOException {
        // The note first: without it, a batch would stand that nobody feeds.
        note(batch.account(), batch.id());
        try {
            if (store.putIfAbsent(key(batch.account(), batch.id()), Json.bytes(batch), JSON, Map.of())
                    == ObjectStore.Put.STORED) {
                // Anew: when that took very long, the note was taken for one of a batch that was never kept.
                note(batch.account(), batch.id());
                return batch;
            }
        } catch (IOException problem) {
            return keptNevertheless(batch, problem);
        }
        return find(batch.account(), batch.id())
                .orElseThrow(() -> new IOException("the batch " + batch.id() + " was deleted a moment ago"));
    }

    // A write that was not answered may have been done: whoever is told that it failed begins a second batch.
    private Batch keptNevertheless(Batch batch, IOException problem) throws IOException {
        try {
            return find(batch.account(), batch.id()).orElseThrow(() -> problem);
        } catch (IOException again) {
            if (again != problem) {
                problem.addSuppressed(again);
            }
            throw problem;
        }
    }

    private void note(Account account, BatchId id) throws IOException {
        store.put(ObjectKeys.openBatch(account, id.value()), new byte[0], JSON, Map.of());
    }

    public Optional<Batch> find(Account account, BatchId id) throws IOException {
        Optional<byte[]> record = store.get(key(account, id));
        return record.isPresent() ? Optional.of(read(record.get(), id)) : Optional.empty();
    }

    private static Batch read(byte[] record, BatchId id) throws IOException {
        try {
            return Json.read(record, Batch.class);
        } catch (MalformedRecordException problem) {
            throw new IOException("the record of the batch " + id + " cannot be read", problem);
        }
    }

    /** The account's batches, the newest first, as {@link RecordListing} gives them. */
    public Page<BatchId, Batch> list(Account account, Optional<BatchId> after, int limit) throws IOException {
        return listing.newestFirst(ObjectKeys.batches(account), after, limit, id -> find(account, id));
    }

    /**
     * Changes a batch.
     *
     * @param change is given the batch as it stands, and gives it back as it is when nothing is to be changed; may be
     *     called several times
     * @return the batch as it stands then; empty when there is none
     */
    Optional<Batch> update(Account account, BatchId id, UnaryOperator<Batch> change) throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<RecordStore.Versioned> stands = store.getVersioned(key(account, id));
            if (stands.isEmpty()) {
                return Optional.empty();
            }
            Batch batch = read(stands.get().content(), id);
            Batch changed = change.apply(batch);
            if (changed.equals(batch)
                    || store.replace(
                            key(account, id),
                            Json.bytes(changed),
                            JSON,
                            stands.get().version())) {
                return Optional.of(changed);
            }
        }
        throw new IOException("the batch " + id + " is fought over");
    }

    /**
     * Changes a batch for the feeder that has it.
     *
     * @return empty when another feeder has it, or there is no such batch
     */
    Optional<Batch> updateAs(String feeder, Name name, UnaryOperator<Batch> change) throws IOException {
        return update(
                        name.account(),
                        name.id(),
                        batch -> batch.feed().feeder().equals(feeder) ? change.apply(batch) : batch)
                .filter(batch -> batch.feed().feeder().equals(feeder));
    }

    /** All batches that have not ended, the newest of each account last; and some that have a moment ago. */
    List<Name> open() throws IOException {
        List<Name> names = new ArrayList<>();
        Optional<String> next = Optional.of("");
        while (next.isPresent()) {
            List<RecordStore.Entry> page = store.list(ObjectKeys.openBatches(), next.get(), PAGE);
            for (RecordStore.Entry entry : page) {
                name(entry.key()).ifPresent(names::add);
            }
            next = page.size() < PAGE
                    ? Optional.empty()
                    : Optional.of(page.get(PAGE - 1).key());
        }
        Collections.reverse(names);
        return names;
    }

    private static Optional<Name> name(String key) {
        String[] parts = key.substring(ObjectKeys.openBatches().length()).split("/", 2);
        try {
            return parts.length == 2
                    ? BatchId.parse(parts[1]).map(id -> new Name(new Account(parts[0]), id))
                    : Optional.empty();
        } catch (IllegalArgumentException problem) {
            return Optional.empty();
        }
    }

    /** Writes the note anew that it has not ended. */
    void renew(Name name) throws IOException {
        note(name.account(), name.id());
    }

    /** Takes the note away of a batch that was never kept. */
    void forget(Name name) throws IOException {
        close(name);
        // It may have been kept at this very moment.
        if (find(name.account(), name.id()).isPresent()) {
            note(name.account(), name.id());
        }
    }

    /** How many of the account's batches have not ended, up to {@code most}. */
    int open(Account account, int most) throws IOException {
        return store.list(ObjectKeys.openBatches() + account + "/", "", most).size();
    }

    /** Takes the note away that it has not ended. */
    void close(Name name) throws IOException {
        store.delete(ObjectKeys.openBatch(name.account(), name.id().value()));
    }

    private static String key(Account account, BatchId id) {
        return ObjectKeys.batch(account, id.value());
    }
}
