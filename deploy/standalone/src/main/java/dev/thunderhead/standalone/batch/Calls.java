package dev.thunderhead.standalone.batch;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes HTTP calls that may be made twice, and repeats them while the server is busy or away: after 408, 429, any 5xx and
 * broken connections, no sooner than {@code Retry-After} says, and not where {@code x-should-retry: false} says that waiting
 * cures nothing. Thread-safe.
 */
final class Calls {
    private static final int TIMED_OUT = 408;
    private static final int BUSY = 429;
    private static final int SERVER_ERROR = 500;

    private static final Duration CONNECT = Duration.ofSeconds(10);

    private final HttpClient http;
    private final Patience patience;
    private final Consumer<IOException> broken;

    /**
     * A client of its own.
     *
     * @param broken told, by any thread, why a try is going to be repeated
     */
    Calls(HttpClient.Redirect redirects, Patience patience, Consumer<IOException> broken) {
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .followRedirects(redirects)
                .build();
        this.patience = patience;
        this.broken = broken;
    }

    /** Makes a call once. */
    HttpResponse<byte[]> once(HttpRequest request) throws IOException, InterruptedException {
        return once(request, () -> 0);
    }

    private HttpResponse<byte[]> once(HttpRequest request, LongSupplier sent) throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> answer = http.sendAsync(request, BodyHandlers.ofByteArray());
        // The request's own timeout ends with the headers; a body that stalls must end as well.
        Duration timeout = request.timeout().orElse(patience.whole());
        try {
            while (true) {
                long before = sent.getAsLong();
                try {
                    return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
                } catch (TimeoutException problem) {
                    if (sent.getAsLong() == before) {
                        throw late(request, problem);
                    }
                }
            }
        } catch (ExecutionException problem) {
            throw told(request, problem.getCause());
        } finally {
            answer.cancel(true);
        }
    }

    /**
     * Makes a call until there is an answer, and returns the last.
     *
     * @throws IOException when there is none for as long as the patience lasts
     */
    HttpResponse<byte[]> repeated(HttpRequest request) throws IOException, InterruptedException {
        return repeated(request, () -> 0);
    }

    /**
     * The same for a long body: while more of it goes out, the call takes the time that it needs. Its request has no
     * timeout.
     *
     * @param sent how many bytes have gone out, over all tries
     */
    HttpResponse<byte[]> repeated(HttpRequest request, LongSupplier sent) throws IOException, InterruptedException {
        long start = System.nanoTime();
        long furthest = 0;
        for (int tries = 1; ; tries++) {
            Duration pause = patience.pause(tries);
            long before = sent.getAsLong();
            try {
                HttpResponse<byte[]> response;
                try {
                    response = once(request, sent);
                } finally {
                    // A try that got no further than an earlier one is no progress.
                    if (sent.getAsLong() - before > furthest) {
                        furthest = sent.getAsLong() - before;
                        start = System.nanoTime();
                    }
                }
                if (!isPassing(response.statusCode()) || isFinal(response)) {
                    return response;
                }
                Duration asked = retryAfter(response).orElse(Duration.ZERO);
                pause = asked.compareTo(pause) > 0 ? shorter(asked, patience.longest()) : pause;
                if (isOver(start, pause)) {
                    return response;
                }
                broken.accept(new IOException("HTTP status " + response.statusCode()));
            } catch (IOException problem) {
                if (isOver(start, pause)) {
                    throw problem;
                }
                broken.accept(problem);
            }
            // Spread, so that clients which were refused together do not come back together.
            Thread.sleep(pause.toMillis() + ThreadLocalRandom.current().nextLong(pause.toMillis() / 4 + 1));
        }
    }

    /** The client's own do not say who. */
    static IOException told(HttpRequest request, @Nullable Throwable problem) {
        if (problem instanceof ConnectException || problem instanceof HttpConnectTimeoutException) {
            ConnectException named =
                    new ConnectException("nobody answers at " + request.uri().getAuthority());
            named.initCause(problem);
            return named;
        }
        if (problem instanceof HttpTimeoutException) {
            return late(request, problem);
        }
        return problem instanceof IOException known ? known : new IOException(problem);
    }

    private static IOException late(HttpRequest request, Throwable problem) {
        return new IOException(request.uri().getAuthority() + " did not answer in time", problem);
    }

    private boolean isOver(long start, Duration pause) {
        return System.nanoTime() - start + pause.toNanos() > patience.whole().toNanos();
    }

    /** Whether an answer of this status is of the moment: later there may be another. */
    static boolean isPassing(int status) {
        return status == TIMED_OUT || status == BUSY || status >= SERVER_ERROR;
    }

    private static boolean isFinal(HttpResponse<?> response) {
        return response.headers()
                .firstValue("x-should-retry")
                .filter("false"::equals)
                .isPresent();
    }

    private static Optional<Duration> retryAfter(HttpResponse<?> response) {
        return response.headers()
                .firstValue("retry-after")
                .filter(text -> text.matches("[0-9]{1,6}"))
                .map(text -> Duration.ofSeconds(Long.parseLong(text)));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
