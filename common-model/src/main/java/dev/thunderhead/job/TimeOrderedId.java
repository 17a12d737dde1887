package dev.thunderhead.job;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * The form of ids whose ascending listing begins with the newest: a prefix, ten digits of inverted time in milliseconds,
 * and sixteen of what tells those of one millisecond apart, all in {@link Base32}.
 */
public final class TimeOrderedId {
    /** How many bytes tell the ids of one millisecond apart. */
    public static final int TAIL_BYTES = 10;

    private static final int TIME_DIGITS = 10;
    private static final int TAIL_DIGITS = 16;
    private static final long LAST_MILLISECOND = (1L << 48) - 1;

    private TimeOrderedId() {}

    /** The pattern of ids with that prefix. */
    public static Pattern form(String prefix) {
        return Pattern.compile(
                Pattern.quote(prefix) + "[" + Base32.ALPHABET + "]{" + (TIME_DIGITS + TAIL_DIGITS) + "}");
    }

    /** A new id; 80 random bits keep those of one millisecond apart. */
    public static String create(String prefix, Instant now, RandomGenerator random) {
        byte[] tail = new byte[TAIL_BYTES];
        random.nextBytes(tail);
        return of(prefix, now, tail);
    }

    /** @param tail {@value #TAIL_BYTES} bytes */
    public static String of(String prefix, Instant time, byte[] tail) {
        return listedAfter(prefix, time) + Base32.encode(tail, TAIL_DIGITS);
    }

    /**
     * The text after which an ascending listing has all ids made at {@code time} or before, and before which it has those
     * of all later ones.
     */
    public static String listedAfter(String prefix, Instant time) {
        long inverted = LAST_MILLISECOND - time.toEpochMilli();
        byte[] bytes = ByteBuffer.allocate(Long.BYTES).putLong(inverted).array();
        return prefix + Base32.encode(bytes, TIME_DIGITS);
    }

    /** When an id of that form was made, to the millisecond. */
    public static Instant createdAt(String prefix, String id) {
        String time = id.substring(prefix.length(), prefix.length() + TIME_DIGITS);
        return Instant.ofEpochMilli(LAST_MILLISECOND - (Base32.decode(time) & LAST_MILLISECOND));
    }
}
