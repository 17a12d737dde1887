package dev.thunderhead.render.pipeline.noise;

/**
 * Logarithm, sine and cosine in single precision, bit for bit as torch computes them on processors with AVX2: the
 * polynomials of S. L. Moshier's Cephes library, with the multiplications and additions fused where torch's build fuses
 * them. Good to an ulp or two in the ranges given.
 */
@SuppressWarnings("FloatingPointLiteralPrecision") // Cephes publishes more digits than a float keeps.
final class Cephes {
    private static final float ROOT_OF_HALF = 0.70710678f;
    private static final float[] LOGARITHM = {
        7.0376836292e-2f,
        -1.1514610310e-1f,
        1.1676998740e-1f,
        -1.2420140846e-1f,
        1.4249322787e-1f,
        -1.6668057665e-1f,
        2.0000714765e-1f,
        -2.4999993993e-1f,
        3.3333331174e-1f
    };
    /** The logarithm of 2 is their sum: the first is exact in few bits, so that its multiples are too. */
    private static final float LOG_2_HIGH = 0.693359375f;

    private static final float LOG_2_LOW = -2.12194440e-4f;

    private static final float FOUR_OVER_PI = 1.27323954473516f;
    /** A quarter of pi is minus their sum, again in parts whose multiples are exact. */
    private static final float[] MINUS_QUARTER_PI = {-0.78515625f, -2.4187564849853515625e-4f, -3.77489497744594108e-8f
    };

    private static final float[] SINE = {-1.9515295891e-4f, 8.3321608736e-3f, -1.6666654611e-1f};
    private static final float[] COSINE = {2.443315711809948e-5f, -1.388731625493765e-3f, 4.166664568298827e-2f};

    private Cephes() {}

    /** The natural logarithm of a normal positive number. */
    static float log(float x) {
        int exponent = Math.getExponent(x) + 1;
        float mantissa = Math.scalb(x, -exponent);
        if (mantissa < ROOT_OF_HALF) {
            exponent--;
            mantissa += mantissa;
        }
        float t = mantissa - 1;
        float square = t * t;
        float y = polynomial(LOGARITHM, t) * t;
        y = Math.fma(y, square, exponent * LOG_2_LOW);
        y = Math.fma(square, -0.5f, y);
        return Math.fma(exponent, LOG_2_HIGH, t + y);
    }

    /** The sine of an angle of 0 to some thousand. */
    static float sin(float angle) {
        int octant = octant(angle);
        float rest = rest(angle, octant);
        float sine = (octant & 2) == 0 ? sineNearZero(rest) : cosineNearZero(rest);
        return (octant & 4) == 0 ? sine : -sine;
    }

    /** The cosine of an angle of 0 to some thousand. */
    static float cos(float angle) {
        int octant = octant(angle);
        float rest = rest(angle, octant);
        float cosine = (octant & 2) == 0 ? cosineNearZero(rest) : sineNearZero(rest);
        return ((octant + 2) & 4) == 0 ? cosine : -cosine;
    }

    /** The even number of the octant that begins or ends nearest. */
    private static int octant(float angle) {
        return ((int) (angle * FOUR_OVER_PI) + 1) & ~1;
    }

    /** The angle less so many octants: within an eighth of a turn around zero. */
    private static float rest(float angle, int octants) {
        float rest = angle;
        for (float part : MINUS_QUARTER_PI) {
            rest = Math.fma(octants, part, rest);
        }
        return rest;
    }

    private static float sineNearZero(float x) {
        float square = x * x;
        return Math.fma(polynomial(SINE, square) * square, x, x);
    }

    private static float cosineNearZero(float x) {
        float square = x * x;
        return Math.fma(polynomial(COSINE, square) * square, square, -0.5f * square) + 1;
    }

    /** Horner's rule, the highest power's coefficient first. */
    private static float polynomial(float[] coefficients, float x) {
        float y = coefficients[0];
        for (int i = 1; i < coefficients.length; i++) {
            y = Math.fma(y, x, coefficients[i]);
        }
        return y;
    }
}
