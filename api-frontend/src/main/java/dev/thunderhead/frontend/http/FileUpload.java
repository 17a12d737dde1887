package dev.thunderhead.frontend.http;

import dev.thunderhead.frontend.error.ApiError;
import dev.thunderhead.frontend.error.ErrorKind;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * One request that uploads a file while it comes: its body on its way to the thread that reads it, and how long the client
 * may take. Belongs to the request's event loop.
 */
final class FileUpload {
    private final RoutingContext context;
    private final HttpServerRequest request;
    private final Limits limits;
    private final BodyPipe body;
    private final long timer;
    private boolean failed;
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

    /** Begins to take the request's body. */
    FileUpload(RoutingContext context, Limits limits) {
        this.context = context;
        this.request = context.request();
        this.limits = limits;
        this.timer = context.vertx().setPeriodic(limits.period().toMillis(), tick -> look());
        request.exceptionHandler(this::broken);
        request.end().onComplete(whole -> context.vertx().cancelTimer(timer));
        this.body = new BodyPipe(request, context.vertx().getOrCreateContext());
    }

    /** All that the client sends. */
    BodyPipe body() {
        return body;
    }

    private void broken(Throwable problem) {
        fail(ApiError.invalid(null, "the body breaks off").asException());
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
        boolean hasWaitedForUs = body.takeWaited().multipliedBy(2).compareTo(limits.period()) >= 0;
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
        body.fail(problem);
        context.fail(problem);
    }
}
