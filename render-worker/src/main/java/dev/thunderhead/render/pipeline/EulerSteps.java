package dev.thunderhead.render.pipeline;

import dev.thunderhead.model.ModelDescriptor.PredictionType;

/**
 * The steps from noise to a picture by Euler's method, as diffusers' {@code EulerDiscreteScheduler} takes them. Latents
 * are changed in place. Immutable.
 */
final class EulerSteps {
    private final float[] timesteps;
    private final float[] sigmas;

    /**
     * @param timesteps what the UNet is told before each step, descending
     * @param sigmas the noise before each step, and after the last
     */
    EulerSteps(float[] timesteps, float[] sigmas) {
        this.timesteps = timesteps;
        this.sigmas = sigmas;
    }

    int count() {
        return timesteps.length;
    }

    float timestep(int step) {
        return timesteps[step];
    }

    /** The noise before a step; with the number of steps, that after the last one. */
    float sigma(int step) {
        return sigmas[step];
    }

    /** Scales noise of variance 1 to the latents before the first step. */
    float[] start(float[] noise) {
        float[] latents = new float[noise.length];
        for (int i = 0; i < noise.length; i++) {
            latents[i] = noise[i] * sigmas[0];
        }
        return latents;
    }

    /** The latents as the UNet wants them before a step: {@code x / sqrt(sigma^2 + 1)}. */
    float[] input(float[] latents, int step) {
        float scale = (float) Math.sqrt(sigmas[step] * sigmas[step] + 1);
        float[] input = new float[latents.length];
        for (int i = 0; i < latents.length; i++) {
            input[i] = latents[i] / scale;
        }
        return input;
    }

    /** Takes a step, by what the UNet made of its input. */
    void take(int step, float[] latents, float[] output, PredictionType prediction) {
        float sigma = sigmas[step];
        float change = sigmas[step + 1] - sigma;
        for (int i = 0; i < latents.length; i++) {
            float slope = switch (prediction) {
                case EPSILON -> output[i];
                case SAMPLE -> (latents[i] - output[i]) / sigma;
            };
            latents[i] += slope * change;
        }
    }

    /**
     * What the picture would be if the step were not taken to the next sigma but along the same line until no noise is
     * left: {@code x0 = x - sigma * slope}, which is {@code x - sigma * eps} where the UNet predicts noise, and its very
     * output where it predicts the sample.
     *
     * @param latents before the step; become the estimate
     * @param next after the step
     */
    void estimate(int step, float[] latents, float[] next) {
        float stretch = sigmas[step] / (sigmas[step] - sigmas[step + 1]);
        for (int i = 0; i < latents.length; i++) {
            latents[i] += (next[i] - latents[i]) * stretch;
        }
    }
}
