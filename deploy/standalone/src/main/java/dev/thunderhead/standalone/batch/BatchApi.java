package dev.thunderhead.standalone.batch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.thunderhead.wire.Json;
import dev.thunderhead.wire.MalformedRecordException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The files and batches of the API (wire format: OpenAI's, with {@code /results} and {@code /retry_failed} of our own). All
 * calls are repeated while the server is busy or away, and throw {@link IOException} with the server's own words when it
 * refuses. The key goes to this server alone: redirects are not followed. Thread-safe.
 */
final class BatchApi {
    static final String METHOD = "POST";
    static final String ENDPOINT = "/v1/images/generations";
    private static final Duration ANSWER = Duration.ofMinutes(1);
    private static final int PAGE = 100;
    private static final int OK = 200;
    private static final int FIRST_NOT_OK = 300;

    private final String server;
    private final String key;
    private final Calls calls;
    private final Consumer<String> trouble;
    private final AtomicBoolean away = new AtomicBoolean();

    /**
     * A client of one server.
     *
     * @param server without a slash at its end, and without {@code /v1}
     * @param trouble told, once each time, that the server is away or busy, while it is waited for, and that it answers
     *     again
     */
    BatchApi(String server, String key, Patience patience, Consumer<String> trouble) {
        this.server = server;
        this.key = key;
        this.trouble = trouble;
        this.calls = new Calls(HttpClient.Redirect.NEVER, patience, problem -> {
            if (!away.getAndSet(true)) {
                trouble.accept(server + " is away or busy (" + problem.getMessage() + "); trying on");
            }
        });
    }

    /** Finds out, once and at once, whether the server is there and takes the key. */
    void check() throws IOException, InterruptedException {
        try {
            read(calls.once(request("/v1/models", ANSWER).GET().build()));
        } catch (ConnectException problem) {
            throw new IOException(
                    "nobody answers at " + server + "; start it with ./thunderhead up, or name another with --server",
                    problem);
        }
    }

    /**
     * Uploads a file and returns its id.
     *
     * @param idempotencyKey the same key makes the same file, however often it is uploaded
     */
    String upload(Path file, String idempotencyKey) throws IOException, InterruptedException {
        String boundary = "thunderhead-" + UUID.randomUUID();
        CountedBody form = new CountedBody(form(file, boundary), new AtomicLong());
        HttpRequest request = request("/v1/files")
                .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                .header("Idempotency-Key", idempotencyKey)
                .POST(form)
                .build();
        return read(calls.repeated(request, form.sent()::get)).path("id").asText();
    }

    private static BodyPublisher form(Path file, String boundary) throws FileNotFoundException {
        String head = "--" + boundary + "\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n--"
                + boundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + file.getFileName()
                + "\"\r\nContent-Type: application/jsonl\r\n\r\n";
        return BodyPublishers.concat(
                BodyPublishers.ofString(head),
                BodyPublishers.ofFile(file),
                BodyPublishers.ofString("\r\n--" + boundary + "--\r\n"));
    }

    /**
     * Makes a batch of an uploaded file.
     *
     * @param idempotencyKey the same key makes the same batch, however often it is asked for
     */
    BatchStatus create(String fileId, String idempotencyKey) throws IOException, InterruptedException {
        Map<String, Object> batch = Map.of("input_file_id", fileId, "endpoint", ENDPOINT, "completion_window", "24h");
        return post("/v1/batches", Json.bytes(batch), idempotencyKey);
    }

    /** Makes a batch of another's failed lines. */
    BatchStatus retryFailed(String batch, String idempotencyKey) throws IOException, InterruptedException {
        return post("/v1/batches/" + encoded(batch) + "/retry_failed", new byte[0], idempotencyKey);
    }

    private BatchStatus post(String path, byte[] body, String idempotencyKey) throws IOException, InterruptedException {
        HttpRequest request = request(path, ANSWER)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", idempotencyKey)
                .POST(BodyPublishers.ofByteArray(body))
                .build();
        return BatchStatus.read(read(calls.repeated(request)));
    }

    BatchStatus batch(String id) throws IOException, InterruptedException {
        return BatchStatus.read(get("/v1/batches/" + encoded(id)));
    }

    /**
     * A page of results, in the order in which lines ended.
     *
     * @param after the id of the result before; empty for the first page
     * @return with {@code data} and {@code has_more}
     */
    JsonNode results(String batch, String after) throws IOException, InterruptedException {
        String from = after.isEmpty() ? "" : "&after=" + encoded(after);
        return get("/v1/batches/" + encoded(batch) + "/results?limit=" + PAGE + from);
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        return read(calls.repeated(request(path, ANSWER).GET().build()));
    }

    private HttpRequest.Builder request(String path, Duration timeout) {
        return request(path).timeout(timeout);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(server + path)).header("Authorization", "Bearer " + key);
    }

    private JsonNode read(HttpResponse<byte[]> response) throws IOException {
        if (!Calls.isPassing(response.statusCode()) && away.getAndSet(false)) {
            trouble.accept(server + " answers again");
        }
        JsonNode body;
        try {
            body = Json.read(response.body(), JsonNode.class);
        } catch (MalformedRecordException problem) {
            throw new IOException(
                    server + " answered with HTTP status " + response.statusCode() + " and no JSON", problem);
        }
        if (response.statusCode() < OK || response.statusCode() >= FIRST_NOT_OK) {
            String said = body.path("error").path("message").asText("it does not say why");
            String refusal = server + " refuses (" + response.statusCode() + "): " + TerminalLine.of(said);
            throw Calls.isPassing(response.statusCode()) ? new IOException(refusal) : new RefusedException(refusal);
        }
        return body;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
