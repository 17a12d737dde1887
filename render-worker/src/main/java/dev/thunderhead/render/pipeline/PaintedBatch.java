package dev.thunderhead.render.pipeline;

import java.util.List;

/**
 * What became of a batch.
 *
 * @param pictures one for each request, in their order
 */
public record PaintedBatch(List<Painted> pictures, Timings timings) {
    public PaintedBatch {
        pictures = List.copyOf(pictures);
    }
}
