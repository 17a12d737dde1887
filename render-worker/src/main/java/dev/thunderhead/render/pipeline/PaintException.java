package dev.thunderhead.render.pipeline;

/** The device or ONNX Runtime failed while it painted; trying the batch again may help. */
public final class PaintException extends RuntimeException {
    public PaintException(String message, Throwable cause) {
        super(message, cause);
    }
}
