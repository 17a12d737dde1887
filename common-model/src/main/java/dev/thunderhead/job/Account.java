package dev.thunderhead.job;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/**
 * Whom a job belongs to. The id is part of object keys and media URLs, so choose one that may be seen.
 *
 * @param id 1 to 40 characters: lower-case letters, digits and inner hyphens
 */
public record Account(@JsonValue String id) {
    private static final Pattern FORM = Pattern.compile("[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?");

    @JsonCreator
    public Account {
        if (!FORM.matcher(id).matches()) {
            throw new IllegalArgumentException(
                    "an account's id is 1 to 40 lower-case letters, digits and inner hyphens, for example acme-eu");
        }
    }

    @Override
    public String toString() {
        return id;
    }
}
