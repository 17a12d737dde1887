package dev.thunderhead.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import dev.thunderhead.wire.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Asks the API for pictures over HTTP, as any client would. Thread-safe.
 */
public final class PictureClient {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    /** Longer than a synchronous call may take. */
    private static final Duration ANSWER = Duration.ofMinutes(4);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();
    private final URI api;
    private final String key;

    public PictureClient(URI api, String key) {
        this.api = api;
        this.key = key;
    }

    /**
     * A picture that has been rendered.
     *
     * @param url its stable address
     * @param timings where the time went
     */
    public record Answer(URI url, long seed, RequestTimings timings) {}

    /**
     * Has one picture rendered.
     *
     * @throws IOException when the API refuses, with its own message, or cannot be reached
     */
    public Answer generate(Map<String, Object> request) throws IOException, InterruptedException {
        return answer(http.send(generation(request), BodyHandlers.ofByteArray()));
    }

    /** Has one picture rendered meanwhile; the future fails where {@link #generate} would. */
    public CompletableFuture<Answer> generateLater(Map<String, Object> request) {
        return http.sendAsync(generation(request), BodyHandlers.ofByteArray()).thenApply(response -> {
            try {
                return answer(response);
            } catch (IOException refusal) {
                throw new CompletionException(refusal);
            }
        });
    }

    private HttpRequest generation(Map<String, Object> request) {
        return HttpRequest.newBuilder(api.resolve("/v1/images/generations"))
                .timeout(ANSWER)
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(Json.bytes(request)))
                .build();
    }

    private static Answer answer(HttpResponse<byte[]> response) throws IOException {
        JsonNode body = Json.read(response.body(), JsonNode.class);
        if (response.statusCode() != 200) {
            throw new IOException(body.at("/error/message").asText("HTTP status " + response.statusCode()));
        }
        JsonNode picture = body.at("/data/0");
        return new Answer(
                URI.create(picture.path("url").asText()),
                picture.path("seed").asLong(),
                RequestTimings.parse(
                        response.headers().firstValue("server-timing").orElse("")));
    }

    /**
     * Downloads a picture from its address.
     *
     * @throws IOException when there is none
     */
    public byte[] download(URI url) throws IOException, InterruptedException {
        HttpResponse<byte[]> response =
                http.send(HttpRequest.newBuilder(url).timeout(ANSWER).build(), BodyHandlers.ofByteArray());
        if (response.statusCode() != 200) {
            throw new IOException("the picture's address answered with HTTP status " + response.statusCode());
        }
        return response.body();
    }
}
