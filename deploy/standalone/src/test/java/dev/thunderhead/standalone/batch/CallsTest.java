package dev.thunderhead.standalone.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CallsTest {
    private static final Patience IMPATIENT =
            new Patience(Duration.ZERO, Duration.ofMillis(1), Duration.ofSeconds(5), Duration.ofSeconds(3));

    @Test
    void noCallComesBeforeTheServerWantsIt() throws Exception {
        List<Long> times = new CopyOnWriteArrayList<>();
        try (Server server = new Server(times, "1", 429, 200)) {
            assertThat(calls(IMPATIENT).repeated(server.request()).statusCode()).isEqualTo(200);
        }
        assertThat(times.get(1) - times.get(0))
                .isGreaterThanOrEqualTo(Duration.ofSeconds(1).toNanos());
    }

    @Test
    void aServerThatStaysBusyForTooLongIsGivenUpWithItsLastAnswer() throws Exception {
        List<Long> times = new CopyOnWriteArrayList<>();
        try (Server server = new Server(times, "4", 503)) {
            assertThat(calls(IMPATIENT).repeated(server.request()).statusCode()).isEqualTo(503);
        }
        assertThat(times).hasSize(1);
    }

    @Test
    void aRefusalIsNotRepeated() throws Exception {
        List<Long> times = new CopyOnWriteArrayList<>();
        try (Server server = new Server(times, "0", 404, 200)) {
            assertThat(calls(IMPATIENT).repeated(server.request()).statusCode()).isEqualTo(404);
        }
        assertThat(times).hasSize(1);
    }

    @Test
    void whatWaitingDoesNotCureIsNotRepeated() throws Exception {
        List<Long> times = new CopyOnWriteArrayList<>();
        try (Server server = new Server(times, "0", 429, 200)) {
            server.shouldRetry = "false";
            assertThat(calls(IMPATIENT).repeated(server.request()).statusCode()).isEqualTo(429);
        }
        assertThat(times).hasSize(1);
    }

    @Test
    void whoeverWaitsIsToldWhy() throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        try (Server server = new Server(new CopyOnWriteArrayList<>(), "0", 429, 503, 200)) {
            Calls calls = new Calls(HttpClient.Redirect.NEVER, IMPATIENT, problem -> told.add(problem.getMessage()));
            assertThat(calls.repeated(server.request()).statusCode()).isEqualTo(200);
        }
        assertThat(told).containsExactly("HTTP status 429", "HTTP status 503");
    }

    @Test
    void whatDoesNotAnswerIsNamed() {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://pictures.example:81/x"))
                .build();
        assertThat(Calls.told(request, new HttpConnectTimeoutException("HTTP connect timed out")))
                .isInstanceOf(ConnectException.class)
                .hasMessage("nobody answers at pictures.example:81");
        assertThat(Calls.told(request, new HttpTimeoutException("request timed out")))
                .hasMessage("pictures.example:81 did not answer in time");
    }

    @Test
    void aCallWhoseBodyGoesOnMayTakeLongerThanThePatience() throws Exception {
        List<Long> times = new CopyOnWriteArrayList<>();
        Patience hasty =
                new Patience(Duration.ZERO, Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofMillis(200));
        try (Server server = new Server(times, "0", 503, 200)) {
            server.pause = Duration.ofSeconds(1);
            AtomicLong sent = new AtomicLong();
            Calls calls = calls(hasty);
            assertThat(calls.repeated(server.request(), sent::incrementAndGet).statusCode())
                    .isEqualTo(200);
            assertThat(times).hasSize(2);
            times.clear();
            assertThatThrownBy(() -> calls.repeated(server.request(), () -> 7))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("did not answer in time");
        }
    }

    @Test
    void whatHasGoneOutIsCounted() throws Exception {
        AtomicLong sent = new AtomicLong();
        try (Server server = new Server(new CopyOnWriteArrayList<>(), "0", 200)) {
            HttpRequest request = HttpRequest.newBuilder(server.request().uri())
                    .POST(new CountedBody(BodyPublishers.ofByteArray(new byte[100_000]), sent))
                    .build();
            calls(IMPATIENT).once(request);
        }
        assertThat(sent).hasValue(100_000);
    }

    private static Calls calls(Patience patience) {
        return new Calls(HttpClient.Redirect.NEVER, patience, problem -> {});
    }

    /** Answers with one status after the other, and notes when it was asked. */
    private static final class Server implements AutoCloseable {
        private final HttpServer http;
        private volatile Duration pause = Duration.ZERO;
        private volatile String shouldRetry = "true";

        Server(List<Long> times, String retryAfter, int... statuses) throws Exception {
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            http.createContext("/", exchange -> {
                times.add(System.nanoTime());
                exchange.getRequestBody().readAllBytes();
                sleep(pause);
                exchange.getResponseHeaders().add("Retry-After", retryAfter);
                exchange.getResponseHeaders().add("x-should-retry", shouldRetry);
                exchange.sendResponseHeaders(statuses[times.size() - 1], -1);
                exchange.close();
            });
            http.start();
        }

        private static void sleep(Duration time) {
            try {
                Thread.sleep(time.toMillis());
            } catch (InterruptedException problem) {
                Thread.currentThread().interrupt();
            }
        }

        HttpRequest request() {
            return HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + http.getAddress().getPort()))
                    .build();
        }

        @Override
        public void close() {
            http.stop(0);
        }
    }
}
