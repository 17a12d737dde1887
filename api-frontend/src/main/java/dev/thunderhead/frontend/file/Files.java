package dev.thunderhead.frontend.file;

import dev.thunderhead.frontend.error.ApiException;
import dev.thunderhead.frontend.listing.Page;
import dev.thunderhead.frontend.listing.RecordListing;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of all accounts. One exists from when its record is written, which comes last, until it expires or its record
 * is deleted. All verbs block. Thread-safe.
 */
public final class Files {
    private static final Logger LOG = LoggerFactory.getLogger(Files.class);
    private static final String JSON_LINES = "application/jsonl";
    private static final String JSON = "application/json";
    /** Longer than any upload may take, and than the same one may be sent again under its idempotency key. */
    private static final Duration UNFINISHED = Duration.ofDays(2);

    private final RecordStore store;
    private final Clock clock;
    private final RecordListing<FileId, StoredFile> listing;

    public Files(RecordStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
        this.listing = new RecordListing<>(store, FileId::parse);
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
     * Deletes the file that a due note is about, unless it is to be kept for longer; the note itself is left. Where nobody
     * can read for how long, it goes once no file as old as that can be kept any more: a newer release may be able to.
     * Doing it again changes nothing.
     *
     * @return whether nothing is left to do, so that the note may go
     */
    public boolean clear(FileExpiry due) throws IOException {
        try {
            if (find(due.account(), due.file()).isPresent()) {
                return true;
            }
        } catch (IOException problem) {
            requireMalformed(problem);
            LOG.error("event=file_unreadable file={} problem=\"{}\"", due.file(), problem.toString());
            if (mayBeKept(due.file())) {
                return false;
            }
        }
        remove(due.account(), due.file());
        return true;
    }

    // Its time begins when all of it has come.
    private boolean mayBeKept(FileId id) {
        return clock.instant().isBefore(id.createdAt().plus(UNFINISHED).plus(FileSettings.LONGEST));
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
     * Some of the account's files, as {@link RecordListing} gives them.
     *
     * @param purpose only those for it
     * @param after only what comes behind this one
     * @param limit at most so many
     * @throws ApiException when the oldest are wanted first, and there are too many
     */
    public Page<FileId, StoredFile> list(
            Account account, Optional<String> purpose, Optional<FileId> after, int limit, boolean oldestFirst)
            throws IOException {
        if (purpose.isPresent() && !StoredFile.PURPOSES.contains(purpose.get())) {
            return new Page<>(List.of(), Optional.empty());
        }
        String prefix = ObjectKeys.files(account);
        RecordListing.Reading<FileId, StoredFile> wanted = id -> find(account, id)
                .filter(file -> purpose.isEmpty() || purpose.get().equals(file.purpose()));
        return oldestFirst
                ? listing.oldestFirst(prefix, after, limit, wanted)
                : listing.newestFirst(prefix, after, limit, wanted);
    }

    /** Deletes the account's file, also one of which nobody can read what is known of it; false when there is none. */
    public boolean delete(Account account, FileId id) throws IOException {
        Optional<StoredFile> file = Optional.empty();
        try {
            file = find(account, id);
            if (file.isEmpty()) {
                return false;
            }
        } catch (IOException problem) {
            requireMalformed(problem);
        }
        remove(account, id);
        // Of what could not be read the note is left; it does no harm.
        if (file.isPresent()) {
            store.delete(expiry(file.get()).key());
        }
        return true;
    }

    private static void requireMalformed(IOException problem) throws IOException {
        if (!MalformedRecordException.isCauseOf(problem)) {
            throw problem;
        }
    }
}
