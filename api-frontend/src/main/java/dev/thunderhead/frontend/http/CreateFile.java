package dev.thunderhead.frontend.http;

import dev.thunderhead.frontend.error.ApiError;
import dev.thunderhead.frontend.error.ErrorKind;
import dev.thunderhead.frontend.file.FileId;
import dev.thunderhead.frontend.file.FileName;
import dev.thunderhead.frontend.file.FileSettings;
import dev.thunderhead.frontend.file.Files;
import dev.thunderhead.frontend.file.StoredFile;
import dev.thunderhead.frontend.intake.Fingerprint;
import dev.thunderhead.frontend.intake.IdempotencyKey;
import dev.thunderhead.frontend.intake.IdempotencyKeys;
import dev.thunderhead.frontend.request.FileForm;
import dev.thunderhead.job.Account;
import dev.thunderhead.wire.Json;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * {@code POST /v1/files}: keeps the file that a form brings. Its content goes to the store as it comes, through a thread
 * that nothing else needs.
 *
 * <p>Under an idempotency key there is one file, whose id is drawn at first: a retry writes the same one again, or, when it
 * is there already, is compared with it by name and length and not stored.
 */
final class CreateFile implements Handler<RoutingContext> {
    private static final Pattern FORM =
            Pattern.compile("\\s*multipart/form-data\\s*;.*boundary=.*", Pattern.CASE_INSENSITIVE);
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");

    /** What a form has besides its file. */
    private static final int FORM_BYTES = 64 * 1024;

    private static final Duration SOON = Duration.ofSeconds(5);

    private final Files files;
    private final FileUpload.Limits limits;
    private final Duration kept;
    private final IdempotencyKeys keys;
    private final BlockingWork uploads;
    private final AccountTurns turns = new AccountTurns("too_many_uploads", "uploads");
    private final Clock clock;
    private final RandomGenerator random;

    /** @param uploads threads that wait for clients, as many as there may be uploads at a time */
    CreateFile(
            Files files,
            FileSettings settings,
            IdempotencyKeys keys,
            BlockingWork uploads,
            Clock clock,
            RandomGenerator random) {
        this.files = files;
        this.limits = FileUpload.Limits.of(settings.maxBytes());
        this.kept = settings.kept();
        this.keys = keys;
        this.uploads = uploads;
        this.clock = clock;
        this.random = random;
    }

    @Override
    public void handle(RoutingContext context) {
        HttpServerRequest request = context.request();
        requireForm(request);
        String length = request.getHeader("content-length");
        if (length != null
                && LENGTH.matcher(length).matches()
                && Long.parseLong(length) > (long) limits.bytes() + FORM_BYTES) {
            throw FileUpload.tooLarge(limits);
        }
        Account account = Exchange.of(context).knownCaller().account();
        Optional<IdempotencyKey> key = JobRequests.idempotencyKey(request);
        FileUpload upload = new FileUpload(context, limits);
        upload.begin((name, content) -> uploads.call(
                        context.vertx().getOrCreateContext(),
                        () -> Json.text(
                                turns.take(account, () -> store(account, key, FileName.of(name), upload, content))))
                .onSuccess(json -> context.response()
                        .putHeader("content-type", "application/json")
                        .end(json))
                .onFailure(problem -> upload.fail(problem instanceof RejectedExecutionException ? busy() : problem)));
        SlowClients.leaveBody(context);
    }

    private static void requireForm(HttpServerRequest request) {
        String type = request.getHeader("content-type");
        String encoding = request.getHeader("content-encoding");
        if (type == null
                || !FORM.matcher(type).matches()
                || (encoding != null && !encoding.equalsIgnoreCase("identity"))) {
            throw ApiError.of(
                            ErrorKind.UNSUPPORTED_MEDIA_TYPE,
                            "unsupported_media_type",
                            "send the file in a plain form: Content-Type: multipart/form-data; boundary=…")
                    .asException();
        }
    }

    private static RuntimeException busy() {
        return ApiError.unavailable("uploads_busy", "too many files are being uploaded; try again shortly", SOON)
                .asException();
    }

    // Blocks, on a thread of its own, as long as the file comes.
    private FileAnswer store(
            Account account, Optional<IdempotencyKey> key, String name, FileUpload upload, BodyPipe content)
            throws IOException, InterruptedException {
        try (content) {
            FileId id = id(account, key, name);
            Optional<StoredFile> before = key.isPresent() ? files.find(account, id) : Optional.empty();
            if (before.isPresent()) {
                return again(before.get(), upload, content);
            }
            files.write(id, account, content, limits.bytes());
            FileForm form = upload.form();
            if (content.bytes() == 0) {
                throw ApiError.invalid(FileForm.FILE, "the file is empty").asException();
            }
            return FileAnswer.of(
                    files.keep(id, account, name, form.purpose(), form.kept().orElse(kept)));
        } catch (IOException problem) {
            // Only the pipe knows whether it was the client's fault or the store's.
            throw content.failure().orElseThrow(() -> problem);
        }
    }

    private static FileAnswer again(StoredFile before, FileUpload upload, BodyPipe content)
            throws IOException, InterruptedException {
        content.transferTo(OutputStream.nullOutputStream());
        FileForm unused = upload.form();
        if (content.bytes() != before.bytes()) {
            throw IdempotencyKeys.reused();
        }
        return FileAnswer.of(before);
    }

    /** A new id, or the one that the same request was given before under its idempotency key. */
    private FileId id(Account account, Optional<IdempotencyKey> key, String name) throws IOException {
        FileId fresh = FileId.create(clock.instant(), random);
        if (key.isEmpty()) {
            return fresh;
        }
        // The purpose can be one alone, and the content is not known yet.
        Fingerprint fingerprint = Fingerprint.of(FileRoutes.FILES, name.getBytes(StandardCharsets.UTF_8));
        IdempotencyKeys.Entry entry = keys.claim(
                account,
                key.get(),
                new IdempotencyKeys.Entry(fingerprint, fresh.value(), 0, clock.instant(), clock.instant()));
        entry.requireSame(fingerprint);
        return new FileId(entry.resource());
    }
}
