package dev.thunderhead.frontend.request;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.thunderhead.frontend.error.ApiError;
import dev.thunderhead.frontend.error.ApiException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A body read strictly: one JSON object in UTF-8, whose names are known, appear once, and carry plain values, an array of
 * texts, or an object of plain values. It stops at the first thing that is wrong, so that a hostile body costs no more than
 * reading it. Immutable.
 */
final class Parameters {
    private static final int MAX_NUMBER_LENGTH = 40;
    /** How much an array may hold. */
    private static final int MAX_PARTS = 50;

    // The body itself is bounded. What is too long or too deep in it can so be told by the name of its parameter.
    private static final JsonFactory JSON = JsonFactory.builder()
            // Names are remembered otherwise, and may be long.
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private final Map<String, Parameter> values;
    /** What clients are told before each name: empty, or the parameter that these are in, and a dot. */
    private final String prefix;

    private Parameters(Map<String, Parameter> values, String prefix) {
        this.values = values;
        this.prefix = prefix;
    }

    /** Reads a body; throws {@link ApiException} and nothing else when it is no such object. */
    static Parameters read(byte[] body, Set<String> known) {
        try (JsonParser parser = JSON.createParser(decode(body))) {
            return new Parameters(object(parser, known), "");
        } catch (IOException problem) {
            throw new IllegalStateException("text in memory can always be read", problem);
        }
    }

    private static Map<String, Parameter> object(JsonParser parser, Set<String> known) throws IOException {
        Map<String, Parameter> values = new HashMap<>();
        try {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw invalid(null, "the body must be a JSON object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                if (!known.contains(name)) {
                    throw invalid(ApiError.shown(name), "unknown parameter: " + ApiError.shown(name));
                }
                parser.nextToken();
                if (values.put(name, value(name, parser)) != null) {
                    throw invalid(name, name + " appears twice");
                }
            }
            if (parser.nextToken() != null) {
                throw invalid(null, "something follows the JSON object");
            }
            return values;
        } catch (JacksonException problem) {
            String name = parser.currentName();
            // The parser stands at a name whose value has been read, or at one whose value is to blame.
            boolean toBlame = name != null && known.contains(name) && !values.containsKey(name);
            throw toBlame
                    ? invalid(name, name + " is not a valid JSON value")
                    : invalid(null, "the body is not valid JSON");
        }
    }

    private static String decode(byte[] body) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException problem) {
            throw invalid(null, "the body is not valid UTF-8");
        }
    }

    private static Parameter value(String name, JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_ARRAY -> texts(name, parser);
            case START_OBJECT -> table(name, parser);
            default -> plain(parser);
        };
    }

    private static Parameter plain(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_STRING -> new Parameter.Text(parser.getText());
            case VALUE_TRUE -> new Parameter.Flag(true);
            case VALUE_FALSE -> new Parameter.Flag(false);
            case VALUE_NULL -> new Parameter.Null();
            case VALUE_NUMBER_INT ->
                parser.getTextLength() <= MAX_NUMBER_LENGTH
                        ? new Parameter.Whole(parser.getBigIntegerValue())
                        : new Parameter.Odd();
            default -> {
                parser.skipChildren();
                yield new Parameter.Odd();
            }
        };
    }

    private static Parameter texts(String name, JsonParser parser) throws IOException {
        List<String> values = new ArrayList<>();
        while (parser.nextToken() == JsonToken.VALUE_STRING && values.size() < MAX_PARTS) {
            values.add(parser.getText());
        }
        if (parser.currentToken() != JsonToken.END_ARRAY) {
            throw invalid(name, name + " may be an array of up to " + MAX_PARTS + " strings, or none");
        }
        return new Parameter.Texts(values);
    }

    private static Parameter table(String name, JsonParser parser) throws IOException {
        Map<String, Parameter> values = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String key = parser.currentName();
            parser.nextToken();
            if (values.put(key, plain(parser)) != null) {
                throw invalid(name, name + " names " + ApiError.shown(key) + " twice");
            }
        }
        return new Parameter.Table(values);
    }

    /** A text of Unicode characters other than NUL. */
    Optional<String> text(String name) {
        Parameter value = value(name);
        if (value instanceof Parameter.Null) {
            return Optional.empty();
        }
        if (!(value instanceof Parameter.Text text)) {
            throw refusal(name, "must be a string");
        }
        return Optional.of(characters(name, text.value()));
    }

    private String characters(String name, String text) {
        if (text.indexOf('\0') >= 0) {
            throw refusal(name, "must not hold the character NUL");
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw refusal(name, "holds half of a surrogate pair, which is no character");
        }
        return text;
    }

    /** Several such texts; one alone counts as a list of one. */
    Optional<List<String>> texts(String name) {
        Parameter value = value(name);
        if (value instanceof Parameter.Null) {
            return Optional.empty();
        }
        if (value instanceof Parameter.Text text) {
            return Optional.of(List.of(characters(name, text.value())));
        }
        if (value instanceof Parameter.Texts texts) {
            return Optional.of(
                    texts.values().stream().map(text -> characters(name, text)).toList());
        }
        throw refusal(name, "must be an array of strings");
    }

    /** Such texts by name. */
    Optional<Map<String, String>> table(String name) {
        Parameter value = value(name);
        if (value instanceof Parameter.Null) {
            return Optional.empty();
        }
        if (!(value instanceof Parameter.Table table)) {
            throw refusal(name, "must be an object of strings");
        }
        Map<String, String> texts = new LinkedHashMap<>();
        table.values().forEach((key, entry) -> {
            if (!(entry instanceof Parameter.Text text)) {
                throw refusal(name, "must be an object of strings; " + ApiError.shown(key) + " is none");
            }
            texts.put(characters(name, key), characters(name, text.value()));
        });
        return Optional.of(texts);
    }

    /** An object with parameters of its own, of those that are known. */
    Optional<Parameters> inner(String name, Set<String> known) {
        Parameter value = value(name);
        if (value instanceof Parameter.Null) {
            return Optional.empty();
        }
        if (!(value instanceof Parameter.Table table)) {
            throw refusal(name, "must be an object");
        }
        if (!known.containsAll(table.values().keySet())) {
            throw refusal(name, "may hold " + String.join(", ", new TreeSet<>(known)) + ", and nothing else");
        }
        return Optional.of(new Parameters(table.values(), prefix + name + "."));
    }

    /** One of a few texts. */
    Optional<String> choice(String name, List<String> choices) {
        Optional<String> text = text(name);
        if (text.isPresent() && !choices.contains(text.get())) {
            throw refusal(name, "must be " + (choices.size() == 1 ? "" : "one of ") + String.join(", ", choices));
        }
        return text;
    }

    OptionalLong whole(String name, long min, long max) {
        Parameter value = value(name);
        if (value instanceof Parameter.Null) {
            return OptionalLong.empty();
        }
        if (value instanceof Parameter.Whole whole
                && whole.value().compareTo(BigInteger.valueOf(min)) >= 0
                && whole.value().compareTo(BigInteger.valueOf(max)) <= 0) {
            return OptionalLong.of(whole.value().longValue());
        }
        throw refusal(name, "must be a whole number from " + min + " to " + max);
    }

    Optional<Boolean> flag(String name) {
        Parameter value = value(name);
        if (value instanceof Parameter.Null) {
            return Optional.empty();
        }
        if (value instanceof Parameter.Flag flag) {
            return Optional.of(flag.value());
        }
        throw refusal(name, "must be true or false");
    }

    private Parameter value(String name) {
        return values.getOrDefault(name, new Parameter.Null());
    }

    private ApiException refusal(String name, String message) {
        return invalid(prefix + name, prefix + name + " " + message);
    }

    static ApiException invalid(@Nullable String param, String message) {
        return ApiError.invalid(param, message).asException();
    }
}
