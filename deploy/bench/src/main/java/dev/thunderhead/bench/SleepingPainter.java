package dev.thunderhead.bench;

import dev.thunderhead.model.ImageSize;
import dev.thunderhead.model.ModelDescriptor;
import dev.thunderhead.render.pipeline.PaintRequest;
import dev.thunderhead.render.pipeline.Painted;
import dev.thunderhead.render.pipeline.PaintedBatch;
import dev.thunderhead.render.pipeline.Painter;
import dev.thunderhead.render.pipeline.Raster;
import dev.thunderhead.render.pipeline.StepListener;
import dev.thunderhead.render.pipeline.Timings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Takes as long for a batch as a GPU would, without using the processor, and always paints the same photo-like picture:
 * so everything around the renderer is measured at a GPU's pace. Thread-safe.
 */
final class SleepingPainter implements Painter {
    static final ImageSize SIZE = new ImageSize(1024, 1024);
    static final int STEPS = 4;
    static final ModelDescriptor MODEL = new ModelDescriptor(
            "sleeping",
            "bench",
            "Apache-2.0",
            0,
            "thunderhead",
            SIZE,
            new ModelDescriptor.Sizes(128, 1024, 64),
            List.of(new ModelDescriptor.Unet("unet", List.of(STEPS), ModelDescriptor.PredictionType.EPSILON)),
            STEPS,
            Optional.empty());

    private final ModelDescriptor model;
    private final Duration batchTime;
    private final Raster picture;

    SleepingPainter(Duration batchTime) {
        this(MODEL, batchTime);
    }

    /**
     * Stands for another model, in its native size.
     *
     * @param batchTime of the steps and the decoding together, which all take the same time
     */
    SleepingPainter(ModelDescriptor model, Duration batchTime) {
        this.model = model;
        this.batchTime = batchTime;
        this.picture = PhotoLike.raster(model.nativeSize(), 1);
    }

    @Override
    public ModelDescriptor model() {
        return model;
    }

    @Override
    public synchronized PaintedBatch paint(List<PaintRequest> batch, StepListener listener) {
        int steps = batch.get(0).steps();
        Duration step = batchTime.dividedBy(steps + 1);
        List<Painted> pictures = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            pictures.add(new Painted.Picture(picture));
        }
        for (int next = 0; next <= steps; next++) {
            listener.beforeStep(next);
            for (int i = 0; i < batch.size(); i++) {
                if (!listener.goesOn(i, next)) {
                    pictures.set(i, new Painted.Stopped());
                }
            }
            sleep(step);
        }
        return new PaintedBatch(pictures, new Timings(Duration.ZERO, Collections.nCopies(steps, step), step));
    }

    private static void sleep(Duration time) {
        long until = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    @Override
    public void close() {
        // Nothing to free.
    }
}
