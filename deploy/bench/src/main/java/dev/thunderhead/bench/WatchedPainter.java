package dev.thunderhead.bench;

import dev.thunderhead.model.ModelDescriptor;
import dev.thunderhead.render.pipeline.PaintRequest;
import dev.thunderhead.render.pipeline.PaintedBatch;
import dev.thunderhead.render.pipeline.Painter;
import dev.thunderhead.render.pipeline.Raster;
import dev.thunderhead.render.pipeline.StepListener;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Paints as another painter does, and lets a bench wait for its steps and its idleness. Thread-safe. */
final class WatchedPainter implements Painter {
    private final Painter painter;
    private int steps;
    private Duration step = Duration.ZERO;
    private long lastStep;
    private long free;

    WatchedPainter(Painter painter) {
        this.painter = painter;
    }

    @Override
    public ModelDescriptor model() {
        return painter.model();
    }

    @Override
    public PaintedBatch paint(List<PaintRequest> batch, StepListener listener) {
        begin();
        try {
            return painter.paint(batch, new Watch(listener));
        } finally {
            end();
        }
    }

    private synchronized void begin() {
        steps = 0;
        free = 0;
        lastStep = System.nanoTime();
    }

    private synchronized void stepDone() {
        long now = System.nanoTime();
        step = Duration.ofNanos(now - lastStep);
        lastStep = now;
        steps++;
        notifyAll();
    }

    private synchronized void end() {
        steps = 0;
        free = System.nanoTime();
        notifyAll();
    }

    /** Waits until a batch has done so many steps; returns how long the last of them took. */
    synchronized Duration awaitSteps(int count) throws InterruptedException {
        while (steps < count) {
            wait();
        }
        return step;
    }

    /**
     * The end of a batch.
     *
     * @param at in {@link System#nanoTime}
     * @param lastStep how long the batch's last step took
     */
    record Freed(long at, Duration lastStep) {}

    /** Waits for the end of the batch. */
    synchronized Freed awaitFree() throws InterruptedException {
        while (free == 0) {
            wait();
        }
        return new Freed(free, step);
    }

    @Override
    public void close() {
        painter.close();
    }

    private final class Watch implements StepListener {
        private final StepListener listener;

        private Watch(StepListener listener) {
            this.listener = listener;
        }

        @Override
        public void beforeStep(int step) {
            listener.beforeStep(step);
        }

        @Override
        public boolean goesOn(int picture, int step) {
            return listener.goesOn(picture, step);
        }

        @Override
        public boolean wantsPreview(int picture, int step) {
            return listener.wantsPreview(picture, step);
        }

        @Override
        public void stepDone(int picture, int step, Optional<Supplier<Raster>> preview) {
            listener.stepDone(picture, step, preview);
            WatchedPainter.this.stepDone();
        }
    }
}
