package dev.thunderhead.frontend.job;

import java.util.HexFormat;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A place in a distributed trace, as W3C Trace Context defines it.
 *
 * @param traceId 32 hexadecimal digits
 * @param spanId 16 hexadecimal digits
 * @param flags 2 hexadecimal digits
 */
public record TraceContext(String traceId, String spanId, String flags) {
    /** Versions after 00 may append fields, which are dropped. */
    private static final Pattern FORM =
            Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");

    private static final String SAMPLED = "01";

    /** A span of our own in the caller's trace, or in a new one when the header is absent or malformed. */
    public static TraceContext continueOrStart(@Nullable String traceparent, RandomGenerator random) {
        String span = hex(random, 8);
        Matcher matcher = FORM.matcher(traceparent == null ? "" : traceparent);
        return matcher.matches()
                ? new TraceContext(matcher.group(1), span, matcher.group(3))
                : new TraceContext(hex(random, 16), span, SAMPLED);
    }

    private static String hex(RandomGenerator random, int bytes) {
        byte[] id = new byte[bytes];
        random.nextBytes(id);
        // An id of zeros alone would mean none.
        id[bytes - 1] |= 1;
        return HexFormat.of().formatHex(id);
    }

    /** The value of the {@code traceparent} header. */
    public String traceparent() {
        return "00-" + traceId + "-" + spanId + "-" + flags;
    }
}
