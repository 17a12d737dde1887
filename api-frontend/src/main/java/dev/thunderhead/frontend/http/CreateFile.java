package dev.thunderhead.frontend.http;

import dev.thunderhead.frontend.error.ApiError;
import dev.thunderhead.frontend.error.ErrorKind;
import dev.thunderhead.frontend.file.FileName;
import dev.thunderhead.frontend.file.StoredFile;
import dev.thunderhead.frontend.intake.IdempotencyKey;
import dev.thunderhead.frontend.request.FileFormReader;
import dev.thunderhead.job.Account;
import dev.thunderhead.wire.Json;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.regex.Pattern;

/**
 * {@code POST /v1/files}: keeps the file that a form brings. Its content goes to the store as it comes, through a thread
 * that nothing else needs.
 */
final class CreateFile implements Handler<RoutingContext> {
    private static final Pattern FORM =
            Pattern.compile("\\s*multipart/form-data\\s*;.*boundary=.*", Pattern.CASE_INSENSITIVE);
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");

    /** As many as clients that use threads have of them. */
    private static final int OF_AN_ACCOUNT = 16;

    private static final Duration SOON = Duration.ofSeconds(5);

    private final FileIntake intake;
    private final FileUpload.Limits limits;
    private final BlockingWork uploads;
    private final AccountTurns turns;

    /**
     * Keeps files.
     *
     * @param uploads threads that wait for clients
     * @param most how many of them there are, and so how many uploads at a time
     */
    CreateFile(FileIntake intake, FileUpload.Limits limits, BlockingWork uploads, int most) {
        this.intake = intake;
        this.limits = limits;
        this.uploads = uploads;
        this.turns = new AccountTurns("too_many_uploads", "uploads", OF_AN_ACCOUNT, most);
    }

    @Override
    public void handle(RoutingContext context) {
        HttpServerRequest request = context.request();
        requireForm(request);
        String length = request.getHeader("content-length");
        if (length != null
                && LENGTH.matcher(length).matches()
                && Long.parseLong(length) > (long) limits.bytes() + FileFormReader.MOST_BESIDES) {
            throw FileFormReader.tooLarge(limits.bytes());
        }
        Account account = Exchange.of(context).knownCaller().account();
        Optional<IdempotencyKey> key = JobRequests.idempotencyKey(request);
        FileUpload upload = new FileUpload(context, limits);
        String type = request.getHeader("content-type");
        uploads.call(
                        context.vertx().getOrCreateContext(),
                        () -> Json.text(turns.take(account, () -> store(account, key, type, upload.body()))))
                .onSuccess(json -> context.response()
                        .putHeader("content-type", "application/json")
                        .end(json))
                .onFailure(problem -> upload.fail(problem instanceof RejectedExecutionException ? busy() : problem));
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
    private FileAnswer store(Account account, Optional<IdempotencyKey> key, String type, BodyPipe body)
            throws IOException {
        try (body) {
            return FileAnswer.of(store(account, key, new FileFormReader(type, body, limits.bytes())));
        }
    }

    private StoredFile store(Account account, Optional<IdempotencyKey> key, FileFormReader form) throws IOException {
        try {
            String name = FileName.of(form.fileName());
            return intake.take(account, key, name, form.content(), form::fields);
        } catch (IOException problem) {
            // Only the form knows whether it was the client's fault or the store's.
            throw form.refusal().orElseThrow(() -> problem);
        }
    }
}
