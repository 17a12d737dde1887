package dev.thunderhead.render.pipeline;

import dev.thunderhead.model.ModelDescriptor;
import java.util.List;

/**
 * A loaded model. One thread paints at a time; others may call, and wait. A listener may paint another batch between two
 * steps of its own.
 */
public interface Painter extends AutoCloseable {
    /** What it can paint. */
    ModelDescriptor model();

    /**
     * Paints pictures together. The same batch gives the same bytes again; a picture painted in other company differs
     * from it within rounding.
     *
     * @param batch at least one, all of one step count and size, both of which the model has
     * @throws IllegalArgumentException when the batch is empty or mixed, or the model lacks its step count or size
     * @throws PaintException when the device fails, for example for want of memory; the painter can be used further
     */
    PaintedBatch paint(List<PaintRequest> batch, StepListener listener);

    /** Waits for the batch that is being painted, then frees the model's memory. Painting fails from then on. */
    @Override
    void close();
}
