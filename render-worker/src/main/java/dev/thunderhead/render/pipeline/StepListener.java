package dev.thunderhead.render.pipeline;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * Follows a batch while it is painted, and may stop single pictures. Called on the painting thread, so it must be quick,
 * except before a step.
 */
@FunctionalInterface
public interface StepListener {
    /**
     * Called once for the batch before each step, and once more before its pictures are decoded. The batch leaves
     * nothing on the device meanwhile, since its latents are on the heap: other batches may be painted here, also by the
     * same painter, and do not count in its timings.
     *
     * @param step the step that comes next, from 0; the number of steps when only decoding is left
     */
    default void beforeStep(int step) {}

    /**
     * Called for each picture that is still in the batch after {@link #beforeStep}.
     *
     * @param picture the picture's place in the batch, from 0
     * @param step the step that comes next, from 0; the number of steps when only decoding is left
     * @return whether the picture goes on; a stopped one leaves the batch at once
     */
    boolean goesOn(int picture, int step);

    /**
     * Whether a preview is wanted of what the picture looks like after the step that comes next. It costs the painting
     * thread a copy of the picture's latents.
     *
     * @param step from 0
     */
    default boolean wantsPreview(int picture, int step) {
        return false;
    }

    /**
     * Called for each picture that is still in the batch after each step.
     *
     * @param step the step that was taken, from 0
     * @param preview makes the preview that was wanted, on any thread and at any time; empty when none was, or when the
     *     model gives none
     */
    default void stepDone(int picture, int step, Optional<Supplier<Raster>> preview) {}
}
