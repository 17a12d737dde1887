package dev.thunderhead.render.pipeline.noise;

/**
 * MT19937 (M. Matsumoto and T. Nishimura, 1998), the generator behind torch's CPU random numbers. Not thread-safe.
 *
 * <p>Uniform numbers are made as torch makes them: floats of the low 24 bits of one draw, doubles of the low 53 bits of
 * two, the first of which is the upper half.
 */
final class MersenneTwister {
    private static final int SIZE = 624;
    private static final int SHIFT = 397;
    private static final int MATRIX = 0x9908b0df;
    private static final int UPPER = 0x80000000;
    private static final int LOWER = 0x7fffffff;

    private final int[] state = new int[SIZE];
    private int position = SIZE;

    /** @param seed only its low 32 bits count, as in torch's {@code manual_seed} */
    MersenneTwister(long seed) {
        state[0] = (int) seed;
        for (int i = 1; i < SIZE; i++) {
            state[i] = 1812433253 * (state[i - 1] ^ (state[i - 1] >>> 30)) + i;
        }
    }

    /** 32 random bits. */
    int next() {
        if (position == SIZE) {
            renew();
        }
        int bits = state[position++];
        bits ^= bits >>> 11;
        bits ^= (bits << 7) & 0x9d2c5680;
        bits ^= (bits << 15) & 0xefc60000;
        return bits ^ (bits >>> 18);
    }

    /** A number from 0 (included) to 1 (excluded). */
    float nextFloat() {
        return (next() & 0xffffff) * 0x1p-24f;
    }

    /** A number from 0 (included) to 1 (excluded). */
    double nextDouble() {
        long upper = (long) next() << 32;
        long lower = next() & 0xffffffffL;
        return ((upper | lower) & 0x1fffffffffffffL) * 0x1p-53;
    }

    private void renew() {
        for (int i = 0; i < SIZE; i++) {
            int mixed = (state[i] & UPPER) | (state[(i + 1) % SIZE] & LOWER);
            state[i] = state[(i + SHIFT) % SIZE] ^ (mixed >>> 1) ^ ((mixed & 1) == 0 ? 0 : MATRIX);
        }
        position = 0;
    }
}
