package dev.thunderhead.render.pipeline;

/** Follows a batch while it is painted, and may stop single pictures. Called on the painting thread, so it must be quick. */
@FunctionalInterface
public interface StepListener {
    /**
     * Called for each picture that is still in the batch before each step, and once more before the picture is decoded.
     *
     * @param picture the picture's place in the batch, from 0
     * @param step the step that comes next, from 0; the number of steps when only decoding is left
     * @return whether the picture goes on; a stopped one leaves the batch at once
     */
    boolean goesOn(int picture, int step);
}
