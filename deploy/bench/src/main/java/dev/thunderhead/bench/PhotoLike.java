package dev.thunderhead.bench;

import dev.thunderhead.model.ImageSize;
import dev.thunderhead.render.pipeline.Raster;
import java.util.Random;

/**
 * A picture with a photograph's statistics, made of a seed: soft light over the frame, detail at every scale with half
 * the contrast at twice the frequency, a few hard edges, colour that changes slower than brightness, and a sensor's noise.
 */
final class PhotoLike {
    private static final int OCTAVES = 8;
    private static final double SENSOR_NOISE = 0.008;

    private PhotoLike() {}

    /** Samples {@code [3, height, width]} from -1 to 1. */
    static Raster raster(ImageSize size, long seed) {
        Random random = new Random(seed);
        double[][] light = field(size, 1, random);
        double[][] hue = field(size, 3, random);
        double[][] warmth = field(size, 3, random);
        int plane = Math.toIntExact(size.pixels());
        float[] samples = new float[3 * plane];
        for (int y = 0; y < size.height(); y++) {
            for (int x = 0; x < size.width(); x++) {
                double edge = hue[y][x] > 0.15 ? 0.25 : 0;
                double brightness = 0.7 * light[y][x] + edge;
                double[] colour = {
                    brightness + 0.3 * warmth[y][x], brightness + 0.1 * hue[y][x], brightness - 0.3 * warmth[y][x]
                };
                for (int channel = 0; channel < 3; channel++) {
                    double noisy = colour[channel] + SENSOR_NOISE * random.nextGaussian();
                    samples[channel * plane + y * size.width() + x] = (float) Math.max(-1, Math.min(1, noisy));
                }
            }
        }
        return Raster.ofFloats(size, samples);
    }

    /** Value noise: {@code OCTAVES} grids, each twice as fine and half as strong as the one before. */
    private static double[][] field(ImageSize size, int coarsest, Random random) {
        double[][] sum = new double[size.height()][size.width()];
        double strength = 0.5;
        for (int octave = 0; octave < OCTAVES - coarsest; octave++, strength /= 2) {
            int cells = 2 << octave;
            double[][] grid = new double[cells + 2][cells + 2];
            for (double[] row : grid) {
                for (int i = 0; i < row.length; i++) {
                    row[i] = 2 * random.nextDouble() - 1;
                }
            }
            for (int y = 0; y < size.height(); y++) {
                for (int x = 0; x < size.width(); x++) {
                    sum[y][x] += strength * at(grid, (double) cells * y / size.height(), (double) cells * x / size.width());
                }
            }
        }
        return sum;
    }

    private static double at(double[][] grid, double y, double x) {
        int row = (int) y;
        int column = (int) x;
        double down = smooth(y - row);
        double right = smooth(x - column);
        double above = grid[row][column] * (1 - right) + grid[row][column + 1] * right;
        double below = grid[row + 1][column] * (1 - right) + grid[row + 1][column + 1] * right;
        return above * (1 - down) + below * down;
    }

    private static double smooth(double t) {
        return t * t * (3 - 2 * t);
    }
}
