package dev.thunderhead.frontend.batch;

import java.util.Base64;
import java.util.BitSet;

/**
 * A set of lines, short in JSON since lines end nearly in their order. Immutable.
 *
 * @param upTo all lines from 1 to this one are in it
 * @param beyond which of those behind are, as {@link BitSet#toByteArray} in base 64: bit 0 is line {@code upTo + 1}
 */
record LineSet(int upTo, String beyond) {
    static final LineSet NONE = new LineSet(0, "");

    /** @param lines bit {@code n} is line {@code n}; bit 0 says nothing */
    static LineSet of(BitSet lines) {
        int upTo = lines.nextClearBit(1) - 1;
        BitSet beyond = lines.get(upTo + 1, Math.max(upTo + 1, lines.length()));
        return new LineSet(upTo, Base64.getEncoder().encodeToString(beyond.toByteArray()));
    }

    /** Bit {@code n} is line {@code n}; bit 0 is clear. */
    BitSet toBits() {
        BitSet lines = new BitSet();
        lines.set(1, upTo + 1);
        BitSet rest = BitSet.valueOf(Base64.getDecoder().decode(beyond));
        for (int bit = rest.nextSetBit(0); bit >= 0; bit = rest.nextSetBit(bit + 1)) {
            lines.set(upTo + 1 + bit);
        }
        return lines;
    }
}
