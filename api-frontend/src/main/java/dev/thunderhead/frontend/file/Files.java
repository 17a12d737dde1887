package dev.thunderhead.frontend.file;

import dev.thunderhead.job.Account;
import dev.thunderhead.storage.ObjectKeys;
import dev.thunderhead.storage.ObjectStore;
import dev.thunderhead.storage.RecordStore;
import dev.thunderhead.wire.Json;
import dev.thunderhead.wire.MalformedRecordException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The files of all accounts. One exists from when its record is written, which comes last, until it expires or its record
 * is deleted. All verbs block. Thread-safe.
 */
public final class Files {
    private static final String JSON_LINES = "application/jsonl";
    private static final String JSON = "application/json";
    private static final String RECORD = ".json";
    /** Longer than any upload may take, and than the same one may be sent again under its idempotency key. */
    private static final Duration UNFINISHED = Duration.ofDays(2);

    /** How many records one listing reads at most while it looks for files of a certain purpose. */
    private static final int READ_AT_MOST = 1_000;

    private static final int PART = 100;

    private final RecordStore store;
    private final Clock clock;

    public Files(RecordStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * Keeps a file. Doing it again with the same id and content changes nothing but its times.
     *
     * @param kept how long, from when all of it has come
     * @param content read to its end, never held in memory, and not closed; when it throws, there is no such file
     * @param atMost about how many bytes that may be
     */
    public StoredFile store(
            FileId id, Account account, String name, String purpose, Duration kept, InputStream content, long atMost)
            throws IOException {
        write(id, account, content, atMost);
        return keep(id, account, name, purpose, kept);
    }

    /**
     * Writes the content of a file that is to be {@linkplain #keep kept} once the rest is known of it. If it never is, it
     * is cleared away within days.
     *
     * @param content as in {@link #store}
     * @param atMost as in {@link #store}
     */
    public void write(FileId id, Account account, InputStream content, long atMost) throws IOException {
        // First, so that an object that a crash leaves is cleared away. What is left of one that is written in parts,
        // and is no object yet, is for the store's own rules.
        note(new FileExpiry(clock.instant().plus(UNFINISHED), account, id));
        store.write(ObjectKeys.fileContent(account, id.value()), content, JSON_LINES, atMost);
    }

    /**
     * Keeps a file whose content was written. Doing it again changes nothing but its times.
     *
     * @param kept how long, from now
     */
    public StoredFile keep(FileId id, Account account, String name, String purpose, Duration kept) throws IOException {
        long bytes = store.head(ObjectKeys.fileContent(account, id.value()))
                .map(ObjectStore.Head::length)
                .orElseThrow(() -> new IOException("the file " + id + " was deleted while it was written"));
        Instant now = clock.instant();
        StoredFile file = new StoredFile(id, account, name, purpose, bytes, now, now.plus(kept));
        note(expiry(file));
        store.put(ObjectKeys.file(account, id.value()), Json.bytes(file), JSON, Map.of());
        return file;
    }

    /** Whether the file's content was written, and the file never {@linkplain #keep kept}. */
    public boolean isUnfinished(Account account, FileId id) throws IOException {
        return store.head(ObjectKeys.file(account, id.value())).isEmpty()
                && store.head(ObjectKeys.fileContent(account, id.value())).isPresent();
    }

    /** Deletes what was written of a file that is not to be kept; harmless when it is nothing. */
    public void discard(Account account, FileId id) throws IOException {
        remove(account, id);
    }

    private void note(FileExpiry expiry) throws IOException {
        store.put(expiry.key(), new byte[0], JSON, Map.of());
    }

    // A second later, since notes know no parts of one: whoever comes for it finds it expired.
    private static FileExpiry expiry(StoredFile file) {
        return new FileExpiry(file.expiresAt().plusSeconds(1), file.account(), file.id());
    }

    /**
     * Deletes the file that a due note is about, unless it is to be kept for longer; the note itself is left. Doing it
     * again changes nothing.
     */
    public void clear(FileExpiry due) throws IOException {
        if (find(due.account(), due.file()).isEmpty()) {
            remove(due.account(), due.file());
        }
    }

    // The record first: without it there is no file any more.
    private void remove(Account account, FileId id) throws IOException {
        store.delete(ObjectKeys.file(account, id.value()));
        store.delete(ObjectKeys.fileContent(account, id.value()));
    }

    /** The account's file of that id, if there is one. */
    public Optional<StoredFile> find(Account account, FileId id) throws IOException {
        Optional<byte[]> record = store.get(ObjectKeys.file(account, id.value()));
        try {
            return record.map(json -> Json.read(json, StoredFile.class))
                    .filter(file -> clock.instant().isBefore(file.expiresAt()));
        } catch (MalformedRecordException problem) {
            throw new IOException("what is known of the file " + id + " cannot be read", problem);
        }
    }

    /** The file's content, to be closed; empty when it was deleted meanwhile. */
    public Optional<InputStream> open(StoredFile file) throws IOException {
        return store.open(content(file));
    }

    /** A stretch of the file's content, as {@link RecordStore#get(String, long, int)} reads it. */
    public Optional<byte[]> read(StoredFile file, long offset, int length) throws IOException {
        return store.get(content(file), offset, length);
    }

    private static String content(StoredFile file) {
        return ObjectKeys.fileContent(file.account(), file.id().value());
    }

    /**
     * Part of a listing.
     *
     * @param next behind which file the listing goes on; empty at its end
     */
    public record Page(List<StoredFile> files, Optional<FileId> next) {
        public Page {
            files = List.copyOf(files);
        }
    }

    /**
     * The account's next files, the newest first: fewer than the limit also when many were read to find them.
     *
     * @param purpose only those for it
     * @param after only files older than this one
     * @param limit at most so many
     */
    public Page list(Account account, Optional<String> purpose, Optional<FileId> after, int limit) throws IOException {
        List<StoredFile> files = new ArrayList<>();
        if (purpose.isPresent() && !StoredFile.PURPOSES.contains(purpose.get())) {
            return new Page(files, Optional.empty());
        }
        Optional<FileId> behind = after;
        for (int read = 0; read < READ_AT_MOST; read += PART) {
            List<RecordStore.Entry> part = store.list(
                    ObjectKeys.files(account),
                    behind.map(id -> ObjectKeys.file(account, id.value())).orElse(""),
                    PART);
            for (FileId id : ids(account, part)) {
                Optional<StoredFile> wanted = find(account, id)
                        .filter(one -> purpose.isEmpty() || purpose.get().equals(one.purpose()));
                if (wanted.isPresent() && files.size() == limit) {
                    return new Page(files, behind);
                }
                wanted.ifPresent(files::add);
                behind = Optional.of(id);
            }
            if (part.size() < PART) {
                return new Page(files, Optional.empty());
            }
        }
        return new Page(files, behind);
    }

    // Without what is none of ours.
    private static List<FileId> ids(Account account, List<RecordStore.Entry> part) {
        int prefix = ObjectKeys.files(account).length();
        return part.stream()
                .flatMap(entry -> FileId.parse(entry.key().substring(prefix).replace(RECORD, "")).stream())
                .toList();
    }

    /** Deletes the account's file; false when there is none. */
    public boolean delete(Account account, FileId id) throws IOException {
        Optional<StoredFile> file = find(account, id);
        if (file.isEmpty()) {
            return false;
        }
        remove(account, id);
        store.delete(expiry(file.get()).key());
        return true;
    }
}
