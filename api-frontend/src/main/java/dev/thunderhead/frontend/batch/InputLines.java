package dev.thunderhead.frontend.batch;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.thunderhead.frontend.request.GenerationRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads lines of OpenAI's form: {@code {"custom_id": "…", "method": "POST", "url": "/v1/images/generations",
 * "body": {…}}}. The body is cut out as it stands, for the parser of synchronous calls. Thread-safe.
 */
final class InputLines {
    /** The one endpoint that lines may name. */
    static final String ENDPOINT = "/v1/images/generations";

    /** The longest custom_id, in characters (Unicode code points). */
    static final int MAX_CUSTOM_ID = 256;

    private static final Set<String> NAMES = Set.of("custom_id", "method", "url", "body");
    private static final String MISSING = "missing_required_parameter";

    /** No body that a call takes is nested deeper: so it is told of its line alone, like all that is wrong in a body. */
    private static final int MAX_DEPTH = GenerationRequest.MAX_BODY + 1;

    private static final JsonFactory JSON = JsonFactory.builder()
            // Names are remembered otherwise, and may be long.
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(LineReader.LONGEST)
                    .maxNameLength(LineReader.LONGEST)
                    .build())
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
                return malformed(
                        line,
                        "invalid_json_line",
                        "something follows the JSON object: each line is one, and ends with a line feed",
                        null);
            }
            return parts.line(line);
        } catch (StreamConstraintsException problem) {
            return malformed(line, "invalid_json_line", "this is nested more than " + MAX_DEPTH + " deep", null);
        } catch (JacksonException problem) {
            return malformed(line, "invalid_json_line", "this is not valid JSON: each line is one object", null);
        } catch (IOException problem) {
            throw new IllegalStateException("text in memory can always be read", problem);
        }
    }

    private static InputLine malformed(LineReader.Line line, String code, String message, @Nullable String param) {
        return new InputLine.Malformed(BatchError.ofLine(line.number(), code, message, param));
    }

    /**
     * What stands under one of the names.
     *
     * @param text the text, or the object as it was written; empty for anything else
     */
    private record Part(JsonToken kind, String text) {}

    /** Why a line is no request. */
    private record Problem(String code, String message, String param) {}

    /** What has been read of a line. */
    private static final class Parts {
        private final String text;
        private final Map<String, Part> parts = new HashMap<>();
        private Optional<Problem> repeated = Optional.empty();

        Parts(String text) {
            this.text = text;
        }

        void read(JsonParser parser) throws IOException {
            String name = parser.currentName();
            Part part = part(parser, parser.nextToken());
            if (NAMES.contains(name) && parts.put(name, part) != null) {
                repeated = Optional.of(new Problem("invalid_json_line", name + " appears twice", name));
            }
        }

        private Part part(JsonParser parser, JsonToken kind) throws IOException {
            if (kind == JsonToken.VALUE_STRING) {
                return new Part(kind, parser.getText());
            }
            int begin = (int) parser.currentTokenLocation().getCharOffset();
            parser.skipChildren();
            return kind == JsonToken.START_OBJECT
                    ? new Part(kind, text.substring(begin, (int)
                            parser.currentLocation().getCharOffset()))
                    : new Part(kind, "");
        }

        InputLine line(LineReader.Line line) {
            Optional<Problem> problem = repeated.or(this::ofCustomId)
                    .or(() -> unless("method", "POST", "invalid_method", "method must be POST"))
                    .or(() -> unless(
                            "url", ENDPOINT, "url_mismatch", "url must be " + ENDPOINT + ", as the batch's endpoint"))
                    .or(this::ofBody);
            return problem.isPresent()
                    ? malformed(
                            line,
                            problem.get().code(),
                            problem.get().message(),
                            problem.get().param())
                    : new InputLine.Request(
                            part("custom_id").text(), part("body").text().getBytes(StandardCharsets.UTF_8));
        }

        /** Null says the same as leaving it out. */
        private Part part(String name) {
            return parts.getOrDefault(name, new Part(JsonToken.VALUE_NULL, ""));
        }

        private Optional<Problem> ofCustomId() {
            Part id = part("custom_id");
            String message;
            String code = "invalid_custom_id";
            if (id.kind() == JsonToken.VALUE_NULL) {
                code = MISSING;
                message = "custom_id is missing: each line needs one of its own";
            } else if (id.kind() != JsonToken.VALUE_STRING) {
                code = "invalid_type";
                message = "custom_id must be a string, for example \"1\"";
            } else if (id.text().isBlank()) {
                message = "custom_id is empty: each line needs one of its own";
            } else if (id.text().codePointCount(0, id.text().length()) > MAX_CUSTOM_ID) {
                message = "custom_id has at most " + MAX_CUSTOM_ID + " characters";
            } else {
                return Optional.empty();
            }
            return Optional.of(new Problem(code, message, "custom_id"));
        }

        private Optional<Problem> unless(String name, String expected, String code, String message) {
            Part part = part(name);
            if (part.kind() == JsonToken.VALUE_NULL) {
                return Optional.of(new Problem(MISSING, name + " is missing: it must be " + expected, name));
            }
            return part.kind() == JsonToken.VALUE_STRING && part.text().equals(expected)
                    ? Optional.empty()
                    : Optional.of(new Problem(code, message, name));
        }

        private Optional<Problem> ofBody() {
            return switch (part("body").kind()) {
                case START_OBJECT -> Optional.empty();
                case VALUE_NULL ->
                    Optional.of(new Problem(MISSING, "body is missing: it is what a call would send", "body"));
                default -> Optional.of(new Problem("invalid_type", "body must be a JSON object", "body"));
            };
        }
    }
}
