package dev.thunderhead.frontend.file;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.thunderhead.job.TimeOrderedId;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * Names a file: {@code file-} and a {@link TimeOrderedId}.
 *
 * @param value the whole text, prefix included
 */
public record FileId(@JsonValue String value) {
    private static final String PREFIX = "file-";
    private static final Pattern FORM = TimeOrderedId.form(PREFIX);

    @JsonCreator
    public FileId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("not a file id");
        }
    }

    /** A new id for a file that is made at {@code now}. */
    public static FileId create(Instant now, RandomGenerator random) {
        return new FileId(TimeOrderedId.create(PREFIX, now, random));
    }

    /** The id that the text is, or nothing when it has another form. */
    public static Optional<FileId> parse(String text) {
        return FORM.matcher(text).matches() ? Optional.of(new FileId(text)) : Optional.empty();
    }

    /** When its content began to come, to the millisecond. */
    Instant createdAt() {
        return TimeOrderedId.createdAt(PREFIX, value);
    }

    @Override
    public String toString() {
        return value;
    }
}
