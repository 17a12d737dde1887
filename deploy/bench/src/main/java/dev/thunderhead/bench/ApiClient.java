package dev.thunderhead.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.thunderhead.standalone.AllInOne;
import dev.thunderhead.wire.Json;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks the API for pictures. Thread-safe. */
final class ApiClient {
    private static final Pattern STAGE = Pattern.compile("([a-z0-9]+);dur=([0-9.]+)");

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final AllInOne server;

    ApiClient(AllInOne server) {
        this.server = server;
    }

    /**
     * An answer.
     *
     * @param millis from sending the request to having the body
     * @param stages the server's own account in milliseconds, by stage
     */
    record Answer(double millis, Map<String, Double> stages) {
        /** What the renderer itself took: text, steps, decode. */
        double render() {
            return stages.entrySet().stream()
                    .filter(stage -> stage.getKey().matches("text|decode|step\\d+"))
                    .mapToDouble(Map.Entry::getValue)
                    .sum();
        }

        double stage(String name) {
            return stages.getOrDefault(name, 0.0);
        }
    }

    /** Has one request answered; the future fails when it is refused. */
    CompletableFuture<Answer> generate(Map<String, Object> body) {
        HttpRequest request = HttpRequest.newBuilder(server.url().resolve("/v1/images/generations"))
                .header("Authorization", "Bearer " + server.key())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(Json.bytes(body)))
                .build();
        long start = System.nanoTime();
        return http.sendAsync(request, BodyHandlers.ofByteArray())
                .thenApply(response -> answer(response, (System.nanoTime() - start) / 1e6));
    }

    private static Answer answer(HttpResponse<byte[]> response, double millis) {
        if (response.statusCode() != 200) {
            String problem = Json.read(response.body(), JsonNode.class)
                    .at("/error/message")
                    .asText();
            throw new IllegalStateException("status " + response.statusCode() + ": " + problem);
        }
        Map<String, Double> stages = new HashMap<>();
        Matcher stage =
                STAGE.matcher(response.headers().firstValue("server-timing").orElse(""));
        while (stage.find()) {
            stages.put(stage.group(1), Double.valueOf(stage.group(2)));
        }
        return new Answer(millis, stages);
    }
}
