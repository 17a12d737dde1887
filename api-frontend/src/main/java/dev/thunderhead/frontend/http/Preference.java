package dev.thunderhead.frontend.http;

import dev.thunderhead.frontend.error.ApiError;
import dev.thunderhead.frontend.error.ApiException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a client prefers to be answered: the header {@code Prefer} (RFC 7240) with {@code respond-async} and {@code wait}.
 * Other preferences are ignored, as the RFC has it.
 *
 * @param respondAsync whether the answer may come before the pictures
 * @param time how long to wait for them first, up to {@value #MAX_WAIT_SECONDS} seconds
 */
record Preference(boolean respondAsync, Optional<Duration> time) {
    static final String HEADER = "Prefer";
    static final String APPLIED = "preference-applied";
    static final int MAX_WAIT_SECONDS = 60;

    private static final int MAX_LENGTH = 1_000;

    // Possessive, so that a hostile header costs no more than reading it.
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]++";
    private static final String QUOTED = "\"(?:[^\"\\\\]|\\\\.)*+\"";
    private static final String WORD = "(?:" + TOKEN + "|" + QUOTED + ")";
    private static final Pattern ONE = Pattern.compile("\\s*(" + TOKEN + ")(?:\\s*=\\s*(" + WORD + "))?"
            + "(?:\\s*;\\s*(?:" + TOKEN + "(?:\\s*=\\s*" + WORD + ")?)?)*\\s*(?:,|$)");
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");

    /**
     * Reads it.
     *
     * @param headers all that the request has of it
     * @throws ApiException when it is malformed, or the wait is out of range
     */
    static Preference of(List<String> headers) {
        String header = String.join(",", headers);
        if (header.length() > MAX_LENGTH) {
            throw invalid("Prefer is longer than " + MAX_LENGTH + " characters");
        }
        boolean respondAsync = false;
        Optional<Duration> time = Optional.empty();
        Matcher matcher = ONE.matcher(header);
        for (int at = 0; at < header.length(); at = matcher.end()) {
            if (!matcher.region(at, header.length()).lookingAt()) {
                throw invalid("Prefer is malformed: write it like respond-async, wait=10");
            }
            switch (matcher.group(1).toLowerCase(Locale.ROOT)) {
                case "respond-async" -> respondAsync = true;
                case "wait" -> time = Optional.of(seconds(HEADER, String.valueOf(matcher.group(2))));
                default -> {
                    // Not ours to judge.
                }
            }
        }
        return new Preference(respondAsync, time);
    }

    /**
     * Reads a time to wait.
     *
     * @param parameter names it in the error
     */
    static Duration seconds(String parameter, String text) {
        if (SECONDS.matcher(text).matches() && Integer.parseInt(text) <= MAX_WAIT_SECONDS) {
            return Duration.ofSeconds(Integer.parseInt(text));
        }
        throw ApiError.invalid(
                        parameter,
                        (parameter.equals(HEADER) ? "Prefer: wait" : parameter) + " must be 0 to " + MAX_WAIT_SECONDS
                                + " whole seconds")
                .asException();
    }

    private static ApiException invalid(String message) {
        return ApiError.invalid(HEADER, message).asException();
    }

    /** Whether the client does not insist on waiting for its pictures. */
    boolean isAsynchronous() {
        return respondAsync || time.isPresent();
    }

    /** The header {@code Preference-Applied}. */
    String applied() {
        List<String> all = new ArrayList<>();
        if (respondAsync) {
            all.add("respond-async");
        }
        time.ifPresent(wait -> all.add("wait=" + wait.toSeconds()));
        return String.join(", ", all);
    }
}
