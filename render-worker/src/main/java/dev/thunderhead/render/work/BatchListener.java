package dev.thunderhead.render.work;

import dev.thunderhead.render.pipeline.Raster;
import dev.thunderhead.render.pipeline.StepListener;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Follows a batch on the device, for those who wait for it and for those who foretell when the device is free, lets go
 * before it what is more urgent, and stops what is not wanted any more.
 *
 * @param work the pictures of the batch, in their order
 * @param nanos the batch's clock
 * @param makeWay renders what goes before the batch's next step
 */
record BatchListener(
        Batch batch, List<Work> work, StopCheck stops, ProgressReporter progress, LongSupplier nanos, Runnable makeWay)
        implements StepListener {
    @Override
    public void beforeStep(int step) {
        batch.progress(step, nanos.getAsLong());
        makeWay.run();
    }

    @Override
    public boolean goesOn(int picture, int step) {
        return stops.whyNot(work.get(picture)).isEmpty();
    }

    @Override
    public boolean wantsPreview(int picture, int step) {
        return progress.wantsPreview(work.get(picture), step + 1);
    }

    @Override
    public void stepDone(int picture, int step, Optional<Supplier<Raster>> preview) {
        progress.stepDone(work.get(picture), step + 1, preview);
    }
}
