package dev.thunderhead.render.pipeline;

import dev.thunderhead.model.ImageSize;
import dev.thunderhead.model.ModelDescriptor.LatentRgb;
import java.util.List;
import java.util.function.Supplier;

/**
 * Shows clean latents as colours, by the model's straight line from the one to the other, and enlarges them. Nothing is
 * computed before it is asked for. Immutable.
 */
final class LatentPreview implements Supplier<Raster> {
    private static final int COLOURS = 3;
    private static final int LEAST_ENLARGEMENT = 2;
    private static final int MOST_ENLARGEMENT = 4;
    /** Pixels of the longer side that are worth enlarging to: about 10 KB as a JPEG. */
    private static final int LARGE_ENOUGH = 256;

    private final int width;
    private final int height;
    private final float[] latents;
    private final LatentRgb colours;

    /** @param latents {@code [4, height / 8, width / 8]} without noise; kept, not copied */
    LatentPreview(ImageSize size, float[] latents, LatentRgb colours) {
        long[] shape = Latents.shape(size);
        height = (int) shape[1];
        width = (int) shape[2];
        this.latents = latents;
        this.colours = colours;
    }

    @Override
    public Raster get() {
        int times = Math.min(MOST_ENLARGEMENT, Math.max(LEAST_ENLARGEMENT, LARGE_ENOUGH / Math.max(width, height)));
        ImageSize size = new ImageSize(times * width, times * height);
        float[] samples = new float[COLOURS * size.width() * size.height()];
        for (int colour = 0; colour < COLOURS; colour++) {
            enlarge(plane(colour), times, samples, colour * size.width() * size.height());
        }
        return Raster.ofFloats(size, samples);
    }

    /** One colour of all latents, {@code [height / 8, width / 8]}. */
    private float[] plane(int colour) {
        int count = width * height;
        float[] plane = new float[count];
        for (int i = 0; i < count; i++) {
            float value = colours.bias().get(colour);
            for (int channel = 0; channel < Latents.CHANNELS; channel++) {
                List<Float> factors = colours.factors().get(channel);
                value += factors.get(colour) * latents[channel * count + i];
            }
            plane[i] = value;
        }
        return plane;
    }

    /** Bilinear: the centre of each latent keeps its colour, and what lies beyond the outermost centres repeats them. */
    private void enlarge(float[] plane, int times, float[] target, int offset) {
        for (int y = 0; y < times * height; y++) {
            float row = Math.min(Math.max((y + 0.5f) / times - 0.5f, 0), height - 1);
            int upper = (int) row;
            int lower = Math.min(upper + 1, height - 1);
            for (int x = 0; x < times * width; x++) {
                float column = Math.min(Math.max((x + 0.5f) / times - 0.5f, 0), width - 1);
                int left = (int) column;
                int right = Math.min(left + 1, width - 1);
                float above = between(plane[upper * width + left], plane[upper * width + right], column - left);
                float below = between(plane[lower * width + left], plane[lower * width + right], column - left);
                target[offset + y * times * width + x] = between(above, below, row - upper);
            }
        }
    }

    private static float between(float from, float to, float share) {
        return from + share * (to - from);
    }
}
