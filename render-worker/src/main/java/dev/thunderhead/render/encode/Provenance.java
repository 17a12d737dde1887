package dev.thunderhead.render.encode;

import dev.thunderhead.model.ImageSize;
import java.util.Optional;

/**
 * Where a picture comes from, and with {@code prompt} all that it takes to paint it again.
 *
 * @param model the model's id
 * @param build the build of its weights
 * @param seed the picture's own seed
 * @param steps how many steps it took
 * @param size its size
 * @param prompt only when whoever ordered the picture wants it in the file, at most 4,000 characters
 */
public record Provenance(String model, String build, long seed, int steps, ImageSize size, Optional<String> prompt) {}
