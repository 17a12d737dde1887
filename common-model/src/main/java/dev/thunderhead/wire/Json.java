package dev.thunderhead.wire;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The form of everything that is stored or sent between the services: compact ASCII JSON, instants in ISO 8601. Reading
 * ignores fields it does not know, so that a newer writer may add some, and insists on those it does. Thread-safe.
 */
public final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .addModule(new Jdk8Module())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.READ_UNKNOWN_ENUM_VALUES_USING_DEFAULT_VALUE)
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .build();

    private Json() {}

    public static byte[] bytes(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException problem) {
            throw new IllegalArgumentException("cannot be written as JSON: " + value.getClass(), problem);
        }
    }

    /** Writes to text of printable ASCII alone, fit for a header. */
    public static String text(Object value) {
        return new String(bytes(value), StandardCharsets.US_ASCII);
    }

    /**
     * Reads a record.
     *
     * @throws MalformedRecordException when it is no such record; the message names the place, never the content
     */
    public static <T> T read(byte[] json, Class<T> type) {
        try {
            T value = MAPPER.readValue(json, type);
            if (value == null) {
                throw new MalformedRecordException("the record is null", null);
            }
            return value;
        } catch (JacksonException problem) {
            throw new MalformedRecordException("not a " + type.getSimpleName() + ": " + place(problem), problem);
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    private static String place(JacksonException problem) {
        return problem.getClass().getSimpleName()
                + (problem.getLocation() == null
                        ? ""
                        : " at byte " + problem.getLocation().getByteOffset());
    }
}
