package dev.thunderhead.frontend.request;

import dev.thunderhead.job.OutputFormat;
import dev.thunderhead.model.ImageSize;
import dev.thunderhead.model.ModelDescriptor;
import java.util.OptionalLong;

/**
 * What a client wants painted: complete, and possible with the model. Immutable.
 *
 * @param model the model that paints, whatever name the client called it by
 * @param prompt 1 to {@value #MAX_PROMPT} characters (Unicode code points), not blank
 * @param count how many pictures, 1 to {@value #MAX_COUNT}
 * @param seed the first picture's seed; the others count on from it. Empty: the service draws one
 * @param steps a step count of the model
 * @param size an allowed size of the model
 * @param compression JPEG quality, 0 to 100; without meaning for PNG
 * @param promptInFile whether the files' metadata repeat the prompt
 * @param options how the client wants to hear of it
 */
public record GenerationRequest(
        ModelDescriptor model,
        String prompt,
        int count,
        OptionalLong seed,
        int steps,
        ImageSize size,
        ResponseFormat responseFormat,
        OutputFormat format,
        int compression,
        boolean promptInFile,
        JobOptions options) {
    public static final int MAX_COUNT = 10;
    public static final int MAX_PROMPT = 4_000;
    /** The largest body that asks for it, in bytes. */
    public static final int MAX_BODY = 64 * 1024;
    /** The largest whole number that every JSON reader keeps. */
    public static final long MAX_SEED = (1L << 53) - 1;

    public GenerationRequest {
        if (count < 1 || count > MAX_COUNT) {
            throw new IllegalArgumentException("a request is for 1 to " + MAX_COUNT + " pictures");
        }
        if (prompt.isBlank() || prompt.codePointCount(0, prompt.length()) > MAX_PROMPT) {
            throw new IllegalArgumentException("a prompt has 1 to " + MAX_PROMPT + " characters");
        }
        if (model.unetFor(steps).isEmpty() || !model.sizes().allow(size)) {
            throw new IllegalArgumentException("the model has no such step count or size");
        }
    }
}
