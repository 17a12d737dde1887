package dev.thunderhead.render.pipeline;

import ai.onnxruntime.platform.Fp16Conversions;
import dev.thunderhead.model.ImageSize;

/**
 * A decoded picture as the model gave it: {@code [3, height, width]}, red, green and blue planes, nominally from -1 to 1.
 * It turns into bytes only when an encoder asks, so that this work is not done on the thread that feeds the device.
 * Immutable as long as nobody writes to the array it was made of; safe for any number of threads.
 */
public final class Raster {
    private static final int CHANNELS = 3;

    private final ImageSize size;
    private final Samples samples;

    /** The samples, whatever precision they are kept in. */
    private interface Samples {
        float at(int index);
    }

    private Raster(ImageSize size, int length, Samples samples) {
        if (length != CHANNELS * size.pixels()) {
            throw new IllegalArgumentException(
                    "a raster of " + size + " has 3 samples a pixel, not " + length + " in all");
        }
        this.size = size;
        this.samples = samples;
    }

    /** @param samples kept, not copied */
    public static Raster ofFloats(ImageSize size, float[] samples) {
        return new Raster(size, samples.length, index -> samples[index]);
    }

    /** @param samples the bits of IEEE half-precision numbers; kept, not copied */
    public static Raster ofHalves(ImageSize size, short[] samples) {
        return new Raster(size, samples.length, index -> Fp16Conversions.fp16ToFloat(samples[index]));
    }

    public ImageSize size() {
        return size;
    }

    /** Whether all samples are finite. */
    boolean isFinite() {
        int length = Math.toIntExact(CHANNELS * size.pixels());
        for (int i = 0; i < length; i++) {
            if (!Float.isFinite(samples.at(i))) {
                return false;
            }
        }
        return true;
    }

    /**
     * Writes one row as red, green and blue bytes, pixel by pixel. A sample {@code s} becomes
     * {@code round(255 * clamp(s / 2 + 1 / 2, 0, 1))}.
     *
     * @param row from 0, the top
     * @param target receives {@code 3 * width} bytes from {@code offset} on
     */
    public void copyRow(int row, byte[] target, int offset) {
        int width = size.width();
        int plane = Math.toIntExact(size.pixels());
        for (int channel = 0; channel < CHANNELS; channel++) {
            int from = channel * plane + row * width;
            for (int x = 0; x < width; x++) {
                target[offset + CHANNELS * x + channel] = toByte(samples.at(from + x));
            }
        }
    }

    private static byte toByte(float sample) {
        float unit = Math.min(Math.max(sample * 0.5f + 0.5f, 0), 1);
        return (byte) (int) (unit * 255 + 0.5f);
    }
}
