package dev.thunderhead.render.pipeline;

/** A prompt as the UNet reads it. Nobody writes to the arrays, so it is safe to share. */
final class PromptEmbedding {
    private final float[] hidden;
    private final float[] pooled;

    /**
     * @param hidden {@code [77, width]}, the second last hidden states of both text encoders side by side
     * @param pooled {@code [width of the second encoder]}, its summary of the whole prompt
     */
    PromptEmbedding(float[] hidden, float[] pooled) {
        this.hidden = hidden;
        this.pooled = pooled;
    }

    float[] hidden() {
        return hidden;
    }

    float[] pooled() {
        return pooled;
    }

    /** What it takes of the heap, nearly. */
    long bytes() {
        return (long) Float.BYTES * (hidden.length + pooled.length);
    }
}
