package dev.thunderhead.job;

import java.util.List;

/**
 * Where the time of one picture went, all in milliseconds. Text, steps and decode are its batch's: the whole batch went
 * through them together.
 *
 * @param queue from submission to the start of its batch
 * @param text both text encoders
 * @param steps each denoising step
 * @param decode latents to pixels
 * @param encode pixels to the file
 */
public record StageTimings(double queue, double text, List<Double> steps, double decode, double encode) {
    public StageTimings {
        steps = List.copyOf(steps);
    }

    /** What the renderer itself took: text, steps and decode. */
    public double render() {
        return text + steps.stream().mapToDouble(Double::doubleValue).sum() + decode;
    }
}
