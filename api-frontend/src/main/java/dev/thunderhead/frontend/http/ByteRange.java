package dev.thunderhead.frontend.http;

import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the header {@code Range} of RFC 9110 asks for. */
sealed interface ByteRange {
    /** The one unit that there is. */
    String UNIT = "bytes";

    /** One range as it is written. */
    Pattern SYNTAX = Pattern.compile(UNIT + "=\\s*([0-9]*)-([0-9]*)");

    /** All of it: also when several ranges are asked for at once, or something that is no range. */
    record Whole() implements ByteRange {}

    /**
     * One stretch.
     *
     * @param begin its first byte, from 0
     * @param end behind its last byte; larger than {@code begin}
     */
    record Part(long begin, long end) implements ByteRange {
        /** The header {@code Content-Range}. */
        String of(long length) {
            return UNIT + " " + begin + "-" + (end - 1) + "/" + length;
        }
    }

    /** A stretch of which there is nothing. */
    record Unsatisfiable() implements ByteRange {}

    /**
     * Reads the header.
     *
     * @param length of what there is, in bytes
     */
    static ByteRange parse(String header, long length) {
        Matcher range = SYNTAX.matcher(header.strip().toLowerCase(Locale.ROOT));
        if (!range.matches()) {
            return new Whole();
        }
        String first = range.group(1);
        String last = range.group(2);
        if (first.isEmpty()) {
            return last.isEmpty() ? new Whole() : part(length - number(last, length), length, length);
        }
        long begin = number(first, length);
        if (last.isEmpty()) {
            return part(begin, length, length);
        }
        boolean backwards = new BigInteger(last).compareTo(new BigInteger(first)) < 0;
        return backwards ? new Whole() : part(begin, Math.min(length, number(last, length) + 1), length);
    }

    private static ByteRange part(long begin, long end, long length) {
        return begin < length ? new Part(begin, end) : new Unsatisfiable();
    }

    /** The number, of any length, or the most that it may be. */
    private static long number(String digits, long most) {
        return new BigInteger(digits).min(BigInteger.valueOf(most)).longValue();
    }
}
