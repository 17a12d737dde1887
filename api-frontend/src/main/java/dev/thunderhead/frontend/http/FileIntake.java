package dev.thunderhead.frontend.http;

import dev.thunderhead.frontend.file.FileId;
import dev.thunderhead.frontend.file.FileSettings;
import dev.thunderhead.frontend.file.Files;
import dev.thunderhead.frontend.file.StoredFile;
import dev.thunderhead.frontend.intake.Fingerprint;
import dev.thunderhead.frontend.intake.IdempotencyKey;
import dev.thunderhead.frontend.intake.IdempotencyKeys;
import dev.thunderhead.frontend.request.FileForm;
import dev.thunderhead.job.Account;
import dev.thunderhead.wire.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Takes in files while they come. Under an idempotency key there is one file. Each upload is written under an id of its
 * own, and uses the key when all of it is known, content included: of several at once the first to end has the key, and
 * the others are compared with it. All verbs block. Thread-safe.
 */
final class FileIntake {
    private final Files files;
    private final IdempotencyKeys keys;
    private final FileSettings settings;
    private final Clock clock;
    private final RandomGenerator random;

    /**
     * @param random thread-safe and not to be guessed
     */
    FileIntake(Files files, IdempotencyKeys keys, FileSettings settings, Clock clock, RandomGenerator random) {
        this.files = files;
        this.keys = keys;
        this.settings = settings;
        this.clock = clock;
        this.random = random;
    }

    /** What comes with the file, and maybe after it. */
    interface Fields {
        /** Reads them; called when the content has been read. */
        FileForm read() throws IOException;
    }

    /** All that makes two uploads the same. */
    private record Upload(String name, FileForm form, String sha256) {
        static Upload of(String name, FileForm form, DigestInputStream read) {
            return new Upload(
                    name, form, HexFormat.of().formatHex(read.getMessageDigest().digest()));
        }

        Fingerprint fingerprint() {
            return Fingerprint.of(FileRoutes.FILES, Json.bytes(this));
        }
    }

    /**
     * Takes in a file. When it throws, nothing is kept, and what was written is deleted.
     *
     * @param content read to its end, and not closed
     */
    StoredFile take(Account account, Optional<IdempotencyKey> key, String name, InputStream content, Fields fields)
            throws IOException {
        DigestInputStream read = new DigestInputStream(content, Fingerprint.sha256());
        Optional<IdempotencyKeys.Entry> used = key.isPresent() ? keys.find(account, key.get()) : Optional.empty();
        Optional<StoredFile> before = used.isPresent() ? files.find(account, file(used.get())) : Optional.empty();
        if (before.isPresent()) {
            read.transferTo(OutputStream.nullOutputStream());
            used.get().requireSame(Upload.of(name, fields.read(), read).fingerprint());
            return before.get();
        }
        FileId id = FileId.create(clock.instant(), random);
        Upload upload;
        try {
            files.write(id, account, read, settings.maxBytes());
            upload = Upload.of(name, fields.read(), read);
        } catch (Exception problem) {
            discard(account, id, problem);
            throw problem;
        }
        return key.isPresent() ? keepOnce(account, key.get(), id, upload) : keep(account, id, upload);
    }

    private StoredFile keep(Account account, FileId id, Upload upload) throws IOException {
        try {
            return write(account, id, upload);
        } catch (IOException | RuntimeException problem) {
            discard(account, id, problem);
            throw problem;
        }
    }

    // From when the key stands for a file its content stays: whoever repeats the request may be keeping it.
    private StoredFile keepOnce(Account account, IdempotencyKey key, FileId id, Upload upload) throws IOException {
        IdempotencyKeys.Entry fresh =
                new IdempotencyKeys.Entry(upload.fingerprint(), id.value(), 0, clock.instant(), clock.instant());
        IdempotencyKeys.Entry entry = keys.claim(account, key, fresh);
        if (!entry.request().equals(fresh.request())) {
            files.discard(account, id);
            throw IdempotencyKeys.reused();
        }
        FileId first = file(entry);
        if (first.equals(id)) {
            return write(account, id, upload);
        }
        // Asked first: when it has been finished since, doing that again changes nothing.
        boolean unfinished = files.isUnfinished(account, first);
        Optional<StoredFile> before = files.find(account, first);
        if (!unfinished && before.isEmpty()) {
            // Deleted, or expired.
            if (!keys.replace(account, key, entry, fresh)) {
                throw new IOException("the idempotency key is fought over");
            }
            return write(account, id, upload);
        }
        files.discard(account, id);
        return before.isPresent() ? before.get() : write(account, first, upload);
    }

    private StoredFile write(Account account, FileId id, Upload upload) throws IOException {
        FileForm form = upload.form();
        return files.keep(
                id, account, upload.name(), form.purpose(), form.kept().orElse(settings.kept()));
    }

    // What cannot be deleted now is cleared away later, like what a crash leaves.
    private void discard(Account account, FileId id, Exception because) {
        try {
            files.discard(account, id);
        } catch (IOException problem) {
            because.addSuppressed(problem);
        }
    }

    private static FileId file(IdempotencyKeys.Entry entry) {
        return FileId.parse(entry.resource()).orElseThrow(IdempotencyKeys::reused);
    }
}
