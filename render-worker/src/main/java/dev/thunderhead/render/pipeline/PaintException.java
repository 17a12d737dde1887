package dev.thunderhead.render.pipeline;

/** The device, ONNX Runtime or the model failed while it painted. */
public final class PaintException extends RuntimeException {
    public PaintException(String message) {
        super(message);
    }

    public PaintException(String message, Throwable cause) {
        super(message, cause);
    }
}
