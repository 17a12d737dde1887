package dev.thunderhead.render.encode;

import java.util.zip.Adler32;

/**
 * The checksum at a zlib stream's end (RFC 1950), together with how many bytes it is of, so that those of two parts give
 * that of the whole.
 */
record Adler(int value, long bytes) {
    static final Adler EMPTY = new Adler(1, 0);

    /** The largest prime below 2^16. */
    private static final long MODULUS = 65521;

    static Adler of(byte[] bytes, int length) {
        Adler32 checksum = new Adler32();
        checksum.update(bytes, 0, length);
        return new Adler((int) checksum.getValue(), length);
    }

    /**
     * The checksum of these bytes with others after them. The low half is 1 plus the sum of all bytes; the high half is
     * the sum of the low halves after each byte, so the second part's counts the first part's sum once for each byte.
     */
    Adler then(Adler next) {
        long low = Math.floorMod(low() + next.low() - 1, MODULUS);
        long high = Math.floorMod(high() + next.high() + next.bytes % MODULUS * (low() - 1), MODULUS);
        return new Adler((int) ((high << 16) | low), bytes + next.bytes);
    }

    private long low() {
        return value & 0xffff;
    }

    private long high() {
        return Integer.toUnsignedLong(value) >>> 16;
    }
}
