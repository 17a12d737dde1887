package dev.thunderhead.frontend.http;

import dev.thunderhead.frontend.error.ApiError;
import dev.thunderhead.frontend.error.ApiException;
import dev.thunderhead.frontend.error.ErrorKind;
import dev.thunderhead.frontend.error.Retry;
import dev.thunderhead.frontend.request.FileForm;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerFileUpload;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One request that uploads a file while it comes: a form of one file and some fields, in any order. Vert.x tells the fields
 * when all has come, so the file is read before anything is known of it but its name. Belongs to the request's event loop
 * but for {@link #form}.
 */
final class FileUpload {
    private final RoutingContext context;
    private final HttpServerRequest request;
    private final Limits limits;
    private final CompletableFuture<FileForm> form = new CompletableFuture<>();
    private @Nullable BodyPipe file;
    private boolean failed;
    private long timer;
    private long bytesSeen;

    /**
     * What a client may send, and how slowly.
     *
     * @param bytes the largest file
     * @param least at least so many bytes must have come...
     * @param period ...whenever this has gone by, unless for half of it or longer it was us who did not take them
     * @param crowded whether there are so many uploads that {@value #CROWDED} times as much must have come: else a few
     *     accounts with slow lines could keep all others out for hours
     */
    record Limits(int bytes, int least, Duration period, BooleanSupplier crowded) {
        static final int CROWDED = 8;

        /** As slow as 17 kB/s: of the largest file that can be allowed, 1 GiB, all has come within a day. */
        static Limits of(int bytes, BooleanSupplier crowded) {
            return new Limits(bytes, 256 * 1024, Duration.ofSeconds(15), crowded);
        }

        private int leastNow() {
            return crowded.getAsBoolean() ? least * CROWDED : least;
        }
    }

    FileUpload(RoutingContext context, Limits limits) {
        this.context = context;
        this.request = context.request();
        this.limits = limits;
    }

    /**
     * Reads the request.
     *
     * @param arrives is told the file's name as the client gave it, and its content, when that begins to come
     * @throws ApiException when the body cannot be read as a form
     */
    void begin(BiConsumer<String, BodyPipe> arrives) {
        request.exceptionHandler(this::broken);
        request.endHandler(end -> ended());
        request.uploadHandler(part -> part(part, arrives));
        try {
            request.setExpectMultipart(true);
        } catch (RuntimeException problem) {
            throw malformed().asException();
        }
        timer = context.vertx().setPeriodic(limits.period().toMillis(), tick -> look());
    }

    private void part(HttpServerFileUpload part, BiConsumer<String, BodyPipe> arrives) {
        if (failed) {
            return;
        }
        if (!part.name().equals(FileForm.FILE)) {
            fail(ApiError.invalid(part.name(), "the part that holds the file must be called " + FileForm.FILE)
                    .asException());
        } else if (file != null) {
            fail(ApiError.invalid(FileForm.FILE, "one file at a time").asException());
        } else {
            file = new BodyPipe(
                    part, context.vertx().getOrCreateContext(), limits.bytes(), () -> fail(tooLarge(limits)));
            arrives.accept(part.filename(), file);
        }
    }

    /** The answer to a file that is too large. */
    static ApiException tooLarge(Limits limits) {
        return new ApiError(
                        ErrorKind.TOO_LARGE,
                        "file_too_large",
                        FileForm.FILE,
                        "the file is larger than " + limits.bytes() + " bytes",
                        new Retry.ByStatus())
                .asException();
    }

    private static ApiError malformed() {
        return ApiError.invalid(null, "the body is not a well-formed multipart form");
    }

    private void ended() {
        context.vertx().cancelTimer(timer);
        BodyPipe whole = file;
        if (whole == null) {
            fail(ApiError.invalid(FileForm.FILE, "file is missing").asException());
            return;
        }
        // What waits in the stream comes now, and its end with it if it has one.
        whole.finish();
        context.vertx().runOnContext(then -> complete(whole));
    }

    private void complete(BodyPipe whole) {
        if (!whole.hasEnded()) {
            fail(ApiError.invalid(FileForm.FILE, "the form ends in the middle of the file")
                    .asException());
            return;
        }
        try {
            form.complete(FileForm.parse(fields(request.formAttributes())));
        } catch (ApiException problem) {
            fail(problem);
        }
    }

    private static Map<String, List<String>> fields(MultiMap attributes) {
        Map<String, List<String>> fields = new HashMap<>();
        attributes.names().forEach(name -> fields.put(name, attributes.getAll(name)));
        return fields;
    }

    private void broken(Throwable problem) {
        if (problem instanceof HttpClosedException) {
            context.vertx().cancelTimer(timer);
        }
        fail(malformed().asException());
    }

    /** Every now and then: does it still come? */
    private void look() {
        if (failed) {
            // It has its answer, and goes on sending.
            context.vertx().cancelTimer(timer);
            request.connection().close();
            return;
        }
        long bytes = request.bytesRead();
        // Not just whether it waits now: what had filled up may have gone a moment ago. Nor whether it ever did: a few
        // tiny buffers at once fill it for an instant.
        boolean hasWaitedForUs =
                file != null && file.takeWaited().multipliedBy(2).compareTo(limits.period()) >= 0;
        if (!hasWaitedForUs && bytes - bytesSeen < limits.leastNow()) {
            context.response().putHeader("connection", "close");
            fail(ApiError.of(ErrorKind.SLOW_REQUEST, "request_timeout", "the request came too slowly")
                    .asException());
        }
        bytesSeen = bytes;
    }

    /** Ends the request with an error, unless one has ended it. What still comes of its body is dropped. */
    void fail(Throwable problem) {
        if (failed) {
            return;
        }
        failed = true;
        form.completeExceptionally(problem);
        if (file != null) {
            file.fail(problem instanceof RuntimeException known ? known : new IllegalStateException(problem));
        }
        context.fail(problem);
    }

    /** Waits for the fields; thread-safe. */
    FileForm form() throws IOException, InterruptedException {
        try {
            return form.get();
        } catch (ExecutionException problem) {
            if (problem.getCause() instanceof ApiException known) {
                throw known;
            }
            throw new IOException("the form did not come in full", problem);
        }
    }
}
