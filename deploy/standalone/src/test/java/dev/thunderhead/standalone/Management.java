package dev.thunderhead.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.awaitility.Awaitility;

/**
 * The management port of a service's process.
 *
 * @param process whose port it is
 */
record Management(JavaProcess process, int port) {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /** A port on the loopback interface that nobody used a moment ago. */
    static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    /** Waits until the service would take work. */
    void awaitReady() {
        Awaitility.await("ready")
                .atMost(Duration.ofMinutes(3))
                .failFast(
                        "the process has ended",
                        () -> assertThat(process.isAlive())
                                .as(process.errors() + process.lines())
                                .isTrue())
                .ignoreExceptions()
                .until(() -> get("/readyz").statusCode() == 200);
    }

    /** The metrics in Prometheus' text form. */
    String metrics() throws InterruptedException {
        try {
            return get("/metrics").body();
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        URI address = URI.create("http://127.0.0.1:" + port + path);
        return HTTP.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());
    }
}
