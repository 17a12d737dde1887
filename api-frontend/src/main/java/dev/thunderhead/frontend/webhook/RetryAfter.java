package dev.thunderhead.frontend.webhook;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads a {@code Retry-After} header: seconds, or a date in any of HTTP's three forms (RFC 9110, sections 5.6.7 and
 * 10.2.3). Tolerates fractions of a second.
 */
final class RetryAfter {
    /** A receiver that asks for more gets this. */
    static final Duration LONGEST = Duration.ofHours(24);

    private static final Pattern SECONDS = Pattern.compile("([0-9]{1,30})(\\.[0-9]*)?");
    private static final int LONG_ENOUGH = 9;
    private static final List<DateTimeFormatter> DATES = List.of(
            DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH),
            new DateTimeFormatterBuilder()
                    .appendPattern("EEEE, d-MMM-")
                    .appendValueReduced(ChronoField.YEAR, 2, 2, 2000)
                    .appendPattern(" HH:mm:ss 'GMT'")
                    .toFormatter(Locale.ENGLISH),
            DateTimeFormatter.ofPattern("EEE MMM d HH:mm:ss yyyy", Locale.ENGLISH));

    private RetryAfter() {}

    /** How long to wait from now on, 0 to {@link #LONGEST}; empty when the header says nothing that makes sense. */
    static Optional<Duration> parse(String header, Instant now) {
        String text = header.strip().replaceAll("\\s+", " ");
        var seconds = SECONDS.matcher(text);
        if (seconds.matches()) {
            String whole = seconds.group(1);
            long number = whole.length() > LONG_ENOUGH ? Long.MAX_VALUE / 1000 : Long.parseLong(whole);
            return Optional.of(limited(Duration.ofSeconds(number)));
        }
        return date(text).map(date -> limited(Duration.between(now, date)));
    }

    private static Optional<Instant> date(String text) {
        for (DateTimeFormatter form : DATES) {
            try {
                return Optional.of(LocalDateTime.parse(text, form).toInstant(ZoneOffset.UTC));
            } catch (DateTimeParseException problem) {
                // Perhaps it has the next form.
            }
        }
        return Optional.empty();
    }

    private static Duration limited(Duration pause) {
        if (pause.isNegative()) {
            return Duration.ZERO;
        }
        return pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
    }
}
