package dev.thunderhead.frontend.http;

import dev.thunderhead.frontend.answer.ErrorBody;
import dev.thunderhead.frontend.error.ApiError;
import dev.thunderhead.frontend.error.ApiException;
import dev.thunderhead.frontend.error.ErrorKind;
import dev.thunderhead.frontend.error.Retry;
import dev.thunderhead.wire.Json;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns whatever ended a request into an answer of OpenAI's shape; the only place that does. Logs the unexpected. */
final class ErrorResponder implements Handler<RoutingContext> {
    private static final Logger LOG = LoggerFactory.getLogger(ErrorResponder.class);
    private static final Duration SOON = Duration.ofSeconds(5);

    @Override
    public void handle(RoutingContext context) {
        HttpServerResponse response = context.response();
        if (response.ended() || response.closed()) {
            return;
        }
        if (response.headWritten()) {
            response.reset();
            return;
        }
        send(response, errorOf(context));
    }

    private static ApiError errorOf(RoutingContext context) {
        Throwable failure = context.failure();
        if (failure instanceof CompletionException wrapped && wrapped.getCause() != null) {
            failure = wrapped.getCause();
        }
        if (failure instanceof ApiException expected) {
            return expected.error();
        }
        if (failure instanceof IOException) {
            LOG.warn(
                    "event=store_failed id={} problem=\"{}\"",
                    Exchange.of(context).requestId(),
                    failure.getMessage());
            return ApiError.unavailable(
                    "store_unavailable", "the store of the pictures cannot be reached; try again shortly", SOON);
        }
        ApiError known = ofStatus(context);
        if (known.kind() == ErrorKind.SERVER) {
            LOG.error("event=request_failed id={}", Exchange.of(context).requestId(), failure);
        }
        return known;
    }

    private static ApiError ofStatus(RoutingContext context) {
        return switch (context.statusCode()) {
            case 400 -> ApiError.invalid(null, "the request is not valid HTTP");
            case 404 ->
                ApiError.of(
                        ErrorKind.NOT_FOUND,
                        "unknown_url",
                        "there is nothing at " + context.request().method() + " " + shown(context.normalizedPath()));
            case 405 ->
                ApiError.of(
                        ErrorKind.METHOD_NOT_ALLOWED,
                        "method_not_allowed",
                        shown(context.normalizedPath()) + " does not take "
                                + context.request().method());
            case 408 -> ApiError.of(ErrorKind.SLOW_REQUEST, "request_timeout", "the request came too slowly");
            case 413 ->
                ApiError.of(
                        ErrorKind.TOO_LARGE,
                        "request_too_large",
                        "the body is larger than " + ApiRoutes.MAX_BODY + " bytes");
            default ->
                ApiError.of(
                        ErrorKind.SERVER,
                        "internal_error",
                        "something went wrong here; if it stays so, report the request id "
                                + Exchange.of(context).requestId());
        };
    }

    private static String shown(String path) {
        return path.startsWith(ApiRoutes.MEDIA)
                ? ApiRoutes.MEDIA + "…"
                : path.substring(0, Math.min(path.length(), 200));
    }

    /** Answers what is not even HTTP, and hangs up. */
    static void malformed(HttpServerRequest request) {
        HttpServerResponse response = request.response().putHeader("connection", "close");
        send(response, ApiError.invalid(null, "the request line or a header is malformed or too long"));
        request.connection().close();
    }

    private static void send(HttpServerResponse response, ApiError error) {
        response.setStatusCode(error.kind().status());
        if (error.retry() instanceof Retry.After after) {
            response.putHeader("retry-after", Long.toString(after.seconds()));
        } else if (error.retry() instanceof Retry.Never) {
            response.putHeader("x-should-retry", "false");
        }
        response.putHeader("content-type", "application/json");
        response.end(json(error));
    }

    /** The error as a client reads it. */
    static String json(ApiError error) {
        return Json.text(ErrorBody.of(error));
    }
}
