package dev.thunderhead.render.pipeline.noise;

/**
 * Normally distributed numbers, as {@code torch.randn(count, generator=torch.Generator("cpu").manual_seed(seed))} draws
 * them, so that a seed gives the picture that diffusers gives. Stateless, so safe for any number of threads.
 *
 * <p>The source is {@code normal_fill} and {@code normal_distribution} in torch's ATen: Box-Muller over blocks of 16. The
 * numbers are the same bits as on a machine with AVX2; on others torch itself differs by an ulp or two.
 */
public final class TorchNoise {
    private static final int BLOCK = 16;
    private static final int HALF = BLOCK / 2;
    private static final float TWO_PI = (float) (2 * Math.PI);

    private TorchNoise() {}

    /**
     * Draws numbers of mean 0 and variance 1.
     *
     * @param seed signed or unsigned; torch reads the low 32 bits
     * @param count at least 0
     */
    public static float[] draw(long seed, int count) {
        MersenneTwister random = new MersenneTwister(seed);
        return count < BLOCK ? few(random, count) : blocks(random, count);
    }

    private static float[] blocks(MersenneTwister random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.nextFloat();
        }
        for (int from = 0; from + BLOCK <= count; from += BLOCK) {
            transform(values, from);
        }
        if (count % BLOCK != 0) {
            // The last 16 are drawn anew, over what the last whole block has left there.
            int from = count - BLOCK;
            for (int i = from; i < count; i++) {
                values[i] = random.nextFloat();
            }
            transform(values, from);
        }
        return values;
    }

    /** Box-Muller in single precision: the first half of a block gives the radii, the second half the angles. */
    private static void transform(float[] values, int from) {
        for (int i = from; i < from + HALF; i++) {
            float uniform = 1 - values[i];
            float angle = TWO_PI * values[i + HALF];
            float radius = (float) Math.sqrt(-2 * Cephes.log(uniform));
            values[i] = radius * Cephes.cos(angle);
            values[i + HALF] = radius * Cephes.sin(angle);
        }
    }

    /** Fewer than a block: Box-Muller in double precision, two numbers at a time. */
    private static float[] few(MersenneTwister random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i += 2) {
            double angle = 2 * Math.PI * random.nextDouble();
            double radius = Math.sqrt(-2 * Math.log1p(-random.nextDouble()));
            values[i] = (float) (radius * Math.cos(angle));
            if (i + 1 < count) {
                values[i + 1] = (float) (radius * Math.sin(angle));
            }
        }
        return values;
    }
}
