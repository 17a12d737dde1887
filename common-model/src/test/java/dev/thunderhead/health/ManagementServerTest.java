package dev.thunderhead.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

class ManagementServerTest {
    @Test
    void tellsHealthReadinessAndMetrics() throws Exception {
        Readiness readiness = new Readiness();
        readiness.waitFor("model", "loading");
        try (ManagementServer server = ManagementServer.start("127.0.0.1", 0, readiness, () -> "pictures_total 1\n")) {
            assertThat(get(server, "/healthz").statusCode()).isEqualTo(200);
            assertThat(get(server, "/readyz").statusCode()).isEqualTo(503);
            assertThat(get(server, "/readyz").body()).contains("\"model\":\"loading\"");
            readiness.ready("model");
            assertThat(get(server, "/readyz").statusCode()).isEqualTo(200);
            readiness.dead("claims", "thread died");
            assertThat(get(server, "/readyz").statusCode()).isEqualTo(503);
            assertThat(get(server, "/healthz").statusCode()).isEqualTo(503);
            assertThat(get(server, "/healthz").body()).contains("thread died");
            assertThat(get(server, "/metrics").body()).isEqualTo("pictures_total 1\n");
            assertThat(get(server, "/other").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void aTakenPortIsNamed() throws IOException {
        try (ManagementServer first = ManagementServer.start("127.0.0.1", 0, new Readiness(), () -> "")) {
            assertThatThrownBy(() -> ManagementServer.start("127.0.0.1", first.port(), new Readiness(), () -> ""))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("port " + first.port() + " is taken");
        }
    }

    private static HttpResponse<String> get(ManagementServer server, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }
}
