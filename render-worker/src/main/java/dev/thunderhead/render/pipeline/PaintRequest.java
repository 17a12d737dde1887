package dev.thunderhead.render.pipeline;

import dev.thunderhead.model.ImageSize;

/**
 * What to paint.
 *
 * @param prompt what the picture shows; the text encoders read its first 75 tokens
 * @param seed names the picture's random start; the low 32 bits count
 * @param steps a step count of the model
 * @param size a size that the model allows
 */
public record PaintRequest(String prompt, long seed, int steps, ImageSize size) {}
