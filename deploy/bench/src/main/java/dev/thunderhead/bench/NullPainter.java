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
import java.util.Collections;
import java.util.List;

/** Takes no time for a picture, which is black and has 64 pixels: what is left is everything around it. Thread-safe. */
final class NullPainter implements Painter {
    private static final ImageSize SMALL = new ImageSize(8, 8);
    private static final Raster BLACK = Raster.ofFloats(SMALL, new float[Math.toIntExact(3 * SMALL.pixels())]);

    private final ModelDescriptor model;

    /** Stands for that model. */
    NullPainter(ModelDescriptor model) {
        this.model = model;
    }

    @Override
    public ModelDescriptor model() {
        return model;
    }

    @Override
    public PaintedBatch paint(List<PaintRequest> batch, StepListener listener) {
        int steps = batch.get(0).steps();
        return new PaintedBatch(
                Collections.nCopies(batch.size(), (Painted) new Painted.Picture(BLACK)),
                new Timings(Duration.ZERO, Collections.nCopies(steps, Duration.ZERO), Duration.ZERO));
    }

    @Override
    public void close() {
        // Nothing to free.
    }
}
