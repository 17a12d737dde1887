package dev.thunderhead.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.thunderhead.wire.Json;
import java.io.BufferedWriter;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Has batches done as any client of OpenAI's Files and Batches API would. Files go both ways without being held in memory.
 * Thread-safe.
 */
final class BatchClient {
    private static final String ENDPOINT = "/v1/images/generations";
    private static final String BOUNDARY = "a-boundary-that-no-line-holds";
    private static final int OK = 200;
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Set<String> UNDER_WAY = Set.of("validating", "in_progress", "finalizing", "cancelling");

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI api;
    private final String authorization;

    BatchClient(URI api, String key) {
        this.api = api;
        this.authorization = "Bearer " + key;
    }

    /** Writes a batch's input: so many requests for one picture each. */
    static Path input(Path file, int lines) throws IOException {
        return input(file, lines, Map.of());
    }

    /**
     * Writes a batch's input.
     *
     * @param more parameters of each request
     */
    static Path input(Path file, int lines, Map<String, Object> more) throws IOException {
        try (BufferedWriter writer = Files.newBufferedWriter(file)) {
            for (int line = 0; line < lines; line++) {
                Map<String, Object> body = new LinkedHashMap<>(more);
                body.putAll(Map.of("model", "tiny-lightning", "prompt", "a red heart, number " + line, "seed", line));
                writer.write(Json.text(
                        Map.of("custom_id", "line-" + line, "method", "POST", "url", ENDPOINT, "body", body)));
                writer.write('\n');
            }
        }
        return file;
    }

    /** Uploads an input file, and tells its id. */
    String upload(Path input) throws IOException, InterruptedException {
        HttpRequest.Builder request = request("/v1/files")
                .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .POST(multipart(input));
        return ask(request).path("id").asText();
    }

    private static BodyPublisher multipart(Path input) throws FileNotFoundException {
        String part = "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=";
        return BodyPublishers.concat(
                BodyPublishers.ofString(part + "\"purpose\"\r\n\r\nbatch\r\n"),
                BodyPublishers.ofString(part + "\"file\"; filename=\"" + input.getFileName()
                        + "\"\r\nContent-Type: application/octet-stream\r\n\r\n"),
                BodyPublishers.ofFile(input),
                BodyPublishers.ofString("\r\n--" + BOUNDARY + "--\r\n"));
    }

    /** Makes a batch of an uploaded file, and tells its id. */
    String create(String file) throws IOException, InterruptedException {
        Map<String, String> batch = Map.of("input_file_id", file, "endpoint", ENDPOINT, "completion_window", "24h");
        HttpRequest.Builder request = request("/v1/batches")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(Json.bytes(batch)));
        return ask(request).path("id").asText();
    }

    /** The batch as it is now. */
    JsonNode batch(String id) throws IOException, InterruptedException {
        return ask(request("/v1/batches/" + id).GET());
    }

    /** Is shown a batch while it is waited for. */
    @FunctionalInterface
    interface Look {
        void at(JsonNode batch) throws IOException, InterruptedException;
    }

    /**
     * Waits until a batch is as wanted, and tells of it.
     *
     * @param eachLook is shown it each time, the last one included
     * @throws IOException when it ends otherwise
     */
    JsonNode until(String id, Predicate<JsonNode> wanted, Look eachLook) throws IOException, InterruptedException {
        while (true) {
            JsonNode batch = batch(id);
            eachLook.at(batch);
            if (wanted.test(batch)) {
                return batch;
            }
            if (!UNDER_WAY.contains(batch.path("status").asText())) {
                throw new IOException("the batch has ended otherwise: " + batch);
            }
            Thread.sleep(POLL.toMillis());
        }
    }

    /** Waits until all lines of a batch have succeeded, and its output is there. */
    JsonNode completed(String id, Look eachLook) throws IOException, InterruptedException {
        return until(id, seen -> seen.path("status").asText().equals("completed"), seen -> {
            if (seen.at("/request_counts/failed").asInt() > 0) {
                throw new IOException("lines failed: " + seen);
            }
            eachLook.at(seen);
        });
    }

    void cancel(String id) throws IOException, InterruptedException {
        ask(request("/v1/batches/" + id + "/cancel").POST(BodyPublishers.noBody()));
    }

    /** Downloads a file's content. */
    Path download(String file, Path target) throws IOException, InterruptedException {
        HttpResponse<Path> response =
                http.send(request("/v1/files/" + file + "/content").GET().build(), BodyHandlers.ofFile(target));
        if (response.statusCode() != OK) {
            throw new IOException("content of " + file + ": HTTP status " + response.statusCode());
        }
        return target;
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(api.resolve(path)).header("Authorization", authorization);
    }

    private JsonNode ask(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = http.send(request.build(), BodyHandlers.ofByteArray());
        if (response.statusCode() != OK) {
            throw new IOException(response.request().uri().getPath() + ": " + response.statusCode() + " "
                    + new String(response.body(), StandardCharsets.UTF_8));
        }
        return Json.read(response.body(), JsonNode.class);
    }
}
