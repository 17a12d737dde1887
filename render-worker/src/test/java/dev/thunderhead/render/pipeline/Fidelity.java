package dev.thunderhead.render.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;

/** How close numbers and pictures are to each other. */
public final class Fidelity {
    private Fidelity() {}

    /** The largest absolute error over the largest absolute value expected. */
    static double relativeError(float[] actual, float[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        double error = 0;
        double largest = 0;
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i]).isFinite();
            error = Math.max(error, Math.abs((double) actual[i] - expected[i]));
            largest = Math.max(largest, Math.abs(expected[i]));
        }
        return error / largest;
    }

    /** The picture's red, green and blue bytes, row by row. */
    public static byte[] bytes(Raster raster) {
        int width = raster.size().width();
        byte[] bytes = new byte[Math.toIntExact(3 * raster.size().pixels())];
        for (int row = 0; row < raster.size().height(); row++) {
            raster.copyRow(row, bytes, 3 * width * row);
        }
        return bytes;
    }

    /** The picture's red, green and blue bytes, row by row. */
    public static byte[] bytes(BufferedImage image) {
        byte[] bytes = new byte[3 * image.getWidth() * image.getHeight()];
        int i = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                int rgb = image.getRGB(x, y);
                bytes[i++] = (byte) (rgb >> 16);
                bytes[i++] = (byte) (rgb >> 8);
                bytes[i++] = (byte) rgb;
            }
        }
        return bytes;
    }

    /** The peak signal-to-noise ratio in decibels; infinite for equal pictures. */
    public static double peakSignalToNoise(byte[] actual, byte[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        double squares = 0;
        for (int i = 0; i < expected.length; i++) {
            double difference = (actual[i] & 0xff) - (expected[i] & 0xff);
            squares += difference * difference;
        }
        return 10 * Math.log10(255.0 * 255.0 * expected.length / squares);
    }
}
