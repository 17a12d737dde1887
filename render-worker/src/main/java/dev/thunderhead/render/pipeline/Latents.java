package dev.thunderhead.render.pipeline;

import dev.thunderhead.model.ImageSize;

/** The latent space of SDXL: {@code [4, height / 8, width / 8]} for a picture. */
final class Latents {
    static final int CHANNELS = 4;
    private static final int PIXELS = 8;

    private Latents() {}

    /** The shape of a picture's latents. */
    static long[] shape(ImageSize size) {
        return new long[] {CHANNELS, size.height() / PIXELS, size.width() / PIXELS};
    }

    /** How many numbers a picture's latents are. */
    static int count(ImageSize size) {
        return CHANNELS * (size.height() / PIXELS) * (size.width() / PIXELS);
    }

    static boolean areFinite(float[] latents) {
        for (float value : latents) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        return true;
    }
}
