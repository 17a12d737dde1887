package dev.thunderhead.render.pipeline;

import java.time.Duration;
import java.util.List;

/**
 * Where the time of a batch went.
 *
 * @param text encoding the prompts; next to nothing for prompts that were seen before
 * @param steps each pass of the UNet over the whole batch; fewer than asked for when no picture was left
 * @param decode decoding all pictures of the batch
 */
public record Timings(Duration text, List<Duration> steps, Duration decode) {
    public Timings {
        steps = List.copyOf(steps);
    }

    /** All steps together. */
    public Duration denoise() {
        return steps.stream().reduce(Duration.ZERO, Duration::plus);
    }

    /** From the prompts to the rasters. */
    public Duration total() {
        return text.plus(denoise()).plus(decode);
    }
}
