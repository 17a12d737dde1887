package dev.thunderhead.render.encode;

import dev.thunderhead.model.ImageSize;
import dev.thunderhead.render.pipeline.Raster;
import java.util.Optional;
import java.util.Random;

/** Pictures to encode. */
final class Pictures {
    private Pictures() {}

    /** Every kind has other enemies: long runs, all symbols alike, carries between bytes, values out of range. */
    enum Kind {
        FLAT,
        GRADIENT,
        RANDOM,
        OVEREXPOSED
    }

    static Raster raster(Kind kind, ImageSize size, long seed) {
        Random random = new Random(seed);
        int plane = Math.toIntExact(size.pixels());
        float[] samples = new float[3 * plane];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = switch (kind) {
                case FLAT -> 0.25f;
                case GRADIENT -> 2f * (i % plane) / plane - 1;
                case RANDOM -> random.nextFloat() * 2 - 1;
                case OVEREXPOSED -> random.nextFloat() * 8 - 4;
            };
        }
        return Raster.ofFloats(size, samples);
    }

    static Provenance provenance(ImageSize size) {
        return new Provenance("tiny-lightning", "27f78e9d9b1f", 7, 4, size, Optional.empty());
    }
}
