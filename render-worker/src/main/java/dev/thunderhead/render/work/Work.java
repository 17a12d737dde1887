package dev.thunderhead.render.work;

import dev.thunderhead.job.RenderTask;
import dev.thunderhead.model.ImageSize;
import dev.thunderhead.render.pipeline.PaintRequest;
import dev.thunderhead.wire.TaskEnvelope;
import java.util.Optional;

/**
 * A task that is to be rendered.
 *
 * @param delivery the record it came in
 * @param marker the key of this attempt's marker, when the task was delivered before; such a task is rendered alone,
 *     since it may be the one that took its worker down
 */
record Work(RenderTask task, Delivery delivery, Optional<String> marker) {
    /** What tasks have in common that can be rendered together. */
    record Kind(String model, int steps, ImageSize size) {}

    Kind kind() {
        return new Kind(task.model(), task.steps(), task.size());
    }

    boolean alone() {
        return marker.isPresent();
    }

    TaskEnvelope envelope() {
        return TaskEnvelope.of(task);
    }

    PaintRequest request() {
        return new PaintRequest(task.prompt(), task.seed(), task.steps(), task.size());
    }
}
