package dev.thunderhead.render.work;

import dev.thunderhead.job.RenderTask;
import dev.thunderhead.model.ImageSize;
import dev.thunderhead.render.pipeline.PaintRequest;
import dev.thunderhead.wire.TaskEnvelope;

/**
 * A task that is to be rendered.
 *
 * @param delivery the record it came in
 * @param alone whether nothing is rendered together with it: it was delivered before, and may be the one that took its
 *     worker down
 */
record Work(RenderTask task, Delivery delivery, boolean alone) {
    /** What tasks have in common that can be rendered together. */
    record Kind(String model, int steps, ImageSize size) {}

    Kind kind() {
        return new Kind(task.model(), task.steps(), task.size());
    }

    TaskEnvelope envelope() {
        return TaskEnvelope.of(task);
    }

    PaintRequest request() {
        return new PaintRequest(task.prompt(), task.seed(), task.steps(), task.size());
    }
}
