package dev.thunderhead.frontend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Uploads files and begins batches, in plain HTTP. */
final class BatchClient {
    static final Set<String> FINAL = Set.of("completed", "failed", "expired", "cancelled");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Client client;

    BatchClient(Client client) {
        this.client = client;
    }

    /** A line that asks for one picture. */
    static String line(String customId, String prompt) {
        return "{\"custom_id\": \"%s\", \"method\": \"POST\", \"url\": \"/v1/images/generations\", \"body\": %s}"
                .formatted(customId, "{\"prompt\": \"" + prompt + "\"}");
    }

    static List<String> lines(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(number -> line("line-" + number, "picture " + number))
                .toList();
    }

    String upload(List<String> lines) throws Exception {
        return upload(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
    }

    String upload(byte[] content) throws Exception {
        String boundary = UUID.randomUUID().toString();
        byte[] head = ("--" + boundary + "\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n--"
                        + boundary
                        + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"lines.jsonl\"\r\n"
                        + "Content-Type: application/octet-stream\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8);
        byte[] tail = ("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8);
        Client.Answer answer = Client.send(client.request("/v1/files")
                .header("content-type", "multipart/form-data; boundary=" + boundary)
                .POST(HttpRequest.BodyPublishers.ofByteArrays(List.of(head, content, tail)))
                .build());
        if (answer.status() != 200) {
            throw new AssertionError("not uploaded: " + answer.json());
        }
        return answer.json().get("id").asText();
    }

    Client.Answer create(String file, String window) throws Exception {
        return client.post(
                "/v1/batches",
                "{\"input_file_id\": \"%s\", \"endpoint\": \"/v1/images/generations\", \"completion_window\": \"%s\"}"
                        .formatted(file, window));
    }

    /** Begins a batch of these lines; its id. */
    String begin(List<String> lines) throws Exception {
        return create(upload(lines), "24h").json().get("id").asText();
    }

    Client.Answer cancel(String batch) throws Exception {
        return client.post("/v1/batches/" + batch + "/cancel", "");
    }

    JsonNode get(String batch) throws Exception {
        return client.get("/v1/batches/" + batch).json();
    }

    JsonNode await(String batch, Duration patience, Predicate<JsonNode> condition) throws Exception {
        long end = System.nanoTime() + patience.toNanos();
        JsonNode found = get(batch);
        while (!condition.test(found)) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not in time: " + found);
            }
            Thread.sleep(50);
            found = get(batch);
        }
        return found;
    }

    JsonNode awaitEnd(String batch) throws Exception {
        return await(
                batch,
                Duration.ofSeconds(60),
                found -> FINAL.contains(found.get("status").asText()));
    }

    /** The lines of a file. */
    List<JsonNode> content(String file) throws Exception {
        Client.Answer answer = client.get("/v1/files/" + file + "/content");
        List<JsonNode> lines = new ArrayList<>();
        for (String line :
                new String(answer.raw().body(), StandardCharsets.UTF_8).lines().toList()) {
            lines.add(JSON.readTree(line));
        }
        return lines;
    }

    static Set<String> customIds(List<JsonNode> lines) {
        return lines.stream().map(line -> line.get("custom_id").asText()).collect(Collectors.toSet());
    }
}
