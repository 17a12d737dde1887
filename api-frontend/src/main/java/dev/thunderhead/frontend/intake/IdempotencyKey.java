package dev.thunderhead.frontend.intake;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name that a client gave to what it wants done once: the header {@code Idempotency-Key}
 * (draft-ietf-httpapi-idempotency-key-header-07), bare, or quoted as that draft has it.
 *
 * @param value 1 to 255 visible ASCII characters or blanks, without quotes
 */
public record IdempotencyKey(String value) {
    public static final String HEADER = "Idempotency-Key";

    private static final Pattern FORM =
            Pattern.compile("\"([\\x20-\\x7e&&[^\"\\\\]]{1,255})\"|([\\x20-\\x7e&&[^\"\\\\]]{1,255})");

    /**
     * Reads the header's value.
     *
     * @throws IllegalArgumentException when it has another form; the message is for the client
     */
    public static IdempotencyKey parse(String header) {
        Matcher matcher = FORM.matcher(header.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    HEADER + " must be 1 to 255 visible ASCII characters, bare or in double quotes");
        }
        return new IdempotencyKey(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
    }
}
