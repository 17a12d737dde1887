package dev.thunderhead.job;

import java.math.BigInteger;

/**
 * Crockford's base 32 in lower case: no letters that look like digits, and the order of the texts is the order of the
 * numbers.
 */
final class Base32 {
    static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

    private Base32() {}

    /** The bytes as an unsigned big-endian number, padded with zeros to {@code digits}. */
    static String encode(byte[] bytes, int digits) {
        BigInteger number = new BigInteger(1, bytes);
        char[] text = new char[digits];
        for (int i = digits - 1; i >= 0; i--) {
            text[i] = ALPHABET.charAt(number.intValue() & 31);
            number = number.shiftRight(5);
        }
        return new String(text);
    }

    /** The number behind up to 12 digits of {@link #ALPHABET}. */
    static long decode(String text) {
        long number = 0;
        for (int i = 0; i < text.length(); i++) {
            number = number << 5 | ALPHABET.indexOf(text.charAt(i));
        }
        return number;
    }
}
