package dev.thunderhead.frontend.batch;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads lines of OpenAI's form: {@code {"custom_id": "…", "method": "POST", "url": "/v1/images/generations",
 * "body": {…}}}. The body is cut out as it stands, for the parser of synchronous calls. Thread-safe.
 */
final class InputLines {
    /** The one endpoint that lines may name. */
    static final String ENDPOINT = "/v1/images/generations";

    /** The longest custom_id, in characters. */
    static final int MAX_CUSTOM_ID = 256;

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(20).build())
            .build();

    private InputLines() {}

    /** Never throws for what the line holds. */
    static InputLine read(LineReader.Line line) {
        if (line.isBlank()) {
            return new InputLine.Blank();
        }
        if (line.isTooLong()) {
            return malformed(line, "line_too_long", "a line has at most " + LineReader.LONGEST + " bytes", null);
        }
        Optional<String> text = decoded(line.content());
        return text.isPresent()
                ? read(line, text.get())
                : malformed(line, "invalid_json_line", "this is not UTF-8; upload plain JSON lines", null);
    }

    private static Optional<String> decoded(byte[] content) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString());
        } catch (CharacterCodingException problem) {
            return Optional.empty();
        }
    }

    private static InputLine read(LineReader.Line line, String text) {
        try (JsonParser parser = JSON.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return malformed(line, "invalid_json_line", "this is not a JSON object", null);
            }
            Parts parts = new Parts(text);
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                parts.read(parser);
            }
            if (parser.nextToken() != null) {
                return malformed(line, "invalid_json_line", "something follows the JSON object", null);
            }
            return parts.line(line);
        } catch (JacksonException problem) {
            return malformed(line, "invalid_json_line", "this is not valid JSON: each line is one object", null);
        } catch (IOException problem) {
            throw new IllegalStateException("text in memory can always be read", problem);
        }
    }

    private static InputLine malformed(LineReader.Line line, String code, String message, @Nullable String param) {
        return new InputLine.Malformed(BatchError.ofLine(line.number(), code, message, param));
    }

    /** What has been read of a line. */
    private static final class Parts {
        private final String text;
        private @Nullable String customId;
        private @Nullable String method;
        private @Nullable String url;
        private @Nullable String body;

        Parts(String text) {
            this.text = text;
        }

        void read(JsonParser parser) throws IOException {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            switch (name) {
                case "custom_id" -> customId = string(parser, token);
                case "method" -> method = string(parser, token);
                case "url" -> url = string(parser, token);
                case "body" -> body = token == JsonToken.START_OBJECT ? object(parser) : skipped(parser);
                default -> skipped(parser);
            }
        }

        private static @Nullable String string(JsonParser parser, JsonToken token) throws IOException {
            return token == JsonToken.VALUE_STRING ? parser.getText() : skipped(parser);
        }

        private static @Nullable String skipped(JsonParser parser) throws IOException {
            parser.skipChildren();
            return null;
        }

        private String object(JsonParser parser) throws IOException {
            int begin = (int) parser.currentTokenLocation().getCharOffset();
            parser.skipChildren();
            return text.substring(begin, (int) parser.currentLocation().getCharOffset());
        }

        InputLine line(LineReader.Line line) {
            if (customId == null || customId.isBlank()) {
                return malformed(line, "missing_required_parameter", "custom_id is missing", "custom_id");
            }
            if (customId.length() > MAX_CUSTOM_ID) {
                return malformed(
                        line,
                        "invalid_custom_id",
                        "custom_id has at most " + MAX_CUSTOM_ID + " characters",
                        "custom_id");
            }
            if (!"POST".equals(method)) {
                return malformed(line, "invalid_method", "method must be POST", "method");
            }
            if (!ENDPOINT.equals(url)) {
                return malformed(line, "invalid_url", "url must be " + ENDPOINT + ", as the batch's endpoint", "url");
            }
            return body == null
                    ? malformed(line, "missing_required_parameter", "body must be a JSON object", "body")
                    : new InputLine.Request(customId, body.getBytes(StandardCharsets.UTF_8));
        }
    }
}
