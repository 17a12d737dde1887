package dev.thunderhead.frontend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A plain HTTP client of the API. Follows no redirects. */
final class Client {
    static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final URI base;
    private final String key;

    Client(URI base, String key) {
        this.base = base;
        this.key = key;
    }

    /** An answer with its body as JSON where it is JSON. */
    record Answer(HttpResponse<byte[]> raw) {
        int status() {
            return raw.statusCode();
        }

        JsonNode json() {
            try {
                return JSON.readTree(raw.body());
            } catch (IOException problem) {
                throw new AssertionError("no JSON: " + new String(raw.body(), java.nio.charset.StandardCharsets.UTF_8));
            }
        }

        JsonNode error() {
            return json().get("error");
        }

        String header(String name) {
            return raw.headers().firstValue(name).orElse(null);
        }
    }

    Answer generate(String body) throws Exception {
        return send(generation(body));
    }

    CompletableFuture<Answer> generateLater(String body) {
        return HTTP.sendAsync(generation(body), HttpResponse.BodyHandlers.ofByteArray())
                .thenApply(Answer::new);
    }

    private HttpRequest generation(String body) {
        return request("/v1/images/generations")
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    Answer generate(byte[] body) throws Exception {
        return send(request("/v1/images/generations")
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build());
    }

    Answer post(String path, String body) throws Exception {
        return send(request(path)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    Answer delete(String path) throws Exception {
        return send(request(path).DELETE().build());
    }

    Answer get(String path) throws Exception {
        return send(request(path).build());
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(path.startsWith("http") ? URI.create(path) : URI.create(base + path))
                .timeout(Duration.ofSeconds(60))
                .header("authorization", "Bearer " + key);
    }

    static Answer fetch(String url) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(url)).build());
    }

    static Answer send(HttpRequest request) throws Exception {
        return new Answer(HTTP.send(request, HttpResponse.BodyHandlers.ofByteArray()));
    }
}
