package dev.thunderhead.standalone.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.thunderhead.wire.Json;
import dev.thunderhead.wire.MalformedRecordException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * Lines as OpenAI's Batch API takes them: {@code {"custom_id", "method": "POST", "url": "/v1/images/generations", "body"}}.
 * Blank lines are left out. What the bodies hold is the server's to judge, apart from the prompt.
 */
record JsonLinesInput(Path file) implements RequestSource {
    @Override
    public void readInto(RequestSink sink) throws IOException {
        InputText.read(file, lines -> readInto(sink, lines));
    }

    private static void readInto(RequestSink sink, BufferedReader lines) throws IOException {
        Set<String> ids = new HashSet<>();
        long number = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            if (!line.isBlank()) {
                addTo(sink, number, line, ids);
            }
        }
    }

    private static void addTo(RequestSink sink, long number, String json, Set<String> ids) throws IOException {
        String id;
        ObjectNode body;
        try {
            JsonNode line = parse(json);
            require(line, "method", BatchApi.METHOD);
            require(line, "url", BatchApi.ENDPOINT);
            id = id(line, ids);
            body = body(line);
        } catch (InputException problem) {
            sink.refuse(number, problem.getMessage());
            return;
        }
        sink.add(number, id, body);
    }

    private static JsonNode parse(String line) {
        try {
            // In brackets, so that a second value on the line is seen.
            JsonNode values = Json.read(("[" + line + "]").getBytes(StandardCharsets.UTF_8), JsonNode.class);
            if (values.size() == 1 && values.path(0).isObject()) {
                return values.path(0);
            }
        } catch (MalformedRecordException problem) {
            // Reported below, like a value that is no object.
        }
        throw new InputException("it is not one JSON object");
    }

    private static void require(JsonNode line, String field, String value) {
        if (!line.path(field).asText().equals(value)) {
            throw new InputException(field + " must be " + value);
        }
    }

    private static String id(JsonNode line, Set<String> ids) {
        String id = line.path("custom_id").asText("");
        if (!line.path("custom_id").isTextual() || id.isBlank() || id.length() > CustomId.LONGEST) {
            throw new InputException("custom_id must be a text of up to " + CustomId.LONGEST + " characters");
        }
        if (!ids.add(id)) {
            throw new InputException("custom_id is that of an earlier line");
        }
        return id;
    }

    private static ObjectNode body(JsonNode line) {
        if (!(line.path("body") instanceof ObjectNode body)) {
            throw new InputException("body must be an object");
        }
        if (!body.path("prompt").isTextual()) {
            throw new InputException("body has no prompt");
        }
        RowValues.checkPrompt(body.path("prompt").asText());
        return body;
    }
}
