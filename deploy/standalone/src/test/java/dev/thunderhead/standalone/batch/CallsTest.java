package dev.thunderhead.standalone.batch;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
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
            assertThat(new Calls(HttpClient.newHttpClient(), IMPATIENT)
                            .repeated(server.request())
                            .statusCode())
                    .isEqualTo(200);
        }
        assertThat(times.get(1) - times.get(0))
                .isGreaterThanOrEqualTo(Duration.ofSeconds(1).toNanos());
    }

    @Test
    void aServerThatStaysBusyForTooLongIsGivenUpWithItsLastAnswer() throws Exception {
        List<Long> times = new CopyOnWriteArrayList<>();
        try (Server server = new Server(times, "4", 503)) {
            assertThat(new Calls(HttpClient.newHttpClient(), IMPATIENT)
                            .repeated(server.request())
                            .statusCode())
                    .isEqualTo(503);
        }
        assertThat(times).hasSize(1);
    }

    @Test
    void aRefusalIsNotRepeated() throws Exception {
        List<Long> times = new CopyOnWriteArrayList<>();
        try (Server server = new Server(times, "0", 404, 200)) {
            assertThat(new Calls(HttpClient.newHttpClient(), IMPATIENT)
                            .repeated(server.request())
                            .statusCode())
                    .isEqualTo(404);
        }
        assertThat(times).hasSize(1);
    }

    /** Answers with one status after the other, and notes when it was asked. */
    private static final class Server implements AutoCloseable {
        private final HttpServer http;

        Server(List<Long> times, String retryAfter, int... statuses) throws Exception {
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            http.createContext("/", exchange -> {
                times.add(System.nanoTime());
                exchange.getResponseHeaders().add("Retry-After", retryAfter);
                exchange.sendResponseHeaders(statuses[times.size() - 1], -1);
                exchange.close();
            });
            http.start();
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
