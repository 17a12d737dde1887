/**
 * From a prompt to a picture with SDXL-Lightning and ONNX Runtime: pure inference, which knows neither the queue nor the
 * store. {@link dev.thunderhead.render.pipeline.Painter} is the way in.
 */
@NullMarked
package dev.thunderhead.render.pipeline;

import org.jspecify.annotations.NullMarked;
