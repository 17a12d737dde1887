package dev.thunderhead.job;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.thunderhead.model.ImageSize;
import java.time.Instant;

/**
 * One picture to render: all that a worker needs to know. Immutable.
 *
 * @param id job and index
 * @param account whose job it is
 * @param lane the queue it travels in
 * @param model id of the model that paints it
 * @param prompt what to paint, up to 4,000 characters
 * @param seed seed of the start noise
 * @param steps denoising steps; the model has a UNet for that count
 * @param size one of the model's allowed sizes
 * @param format the file format to deliver
 * @param compression JPEG quality, 0 to 100; without meaning for PNG
 * @param promptInFile whether the picture's metadata repeats the prompt
 * @param createdAt when the job was submitted
 * @param deadline when rendering has no point any more
 * @param outcomeKey the key of its one outcome object
 * @param traceparent the W3C trace context of the request
 */
public record RenderTask(
        TaskId id,
        Account account,
        Lane lane,
        String model,
        String prompt,
        long seed,
        int steps,
        ImageSize size,
        OutputFormat format,
        int compression,
        @JsonProperty("prompt_in_file") boolean promptInFile,
        @JsonProperty("created_at") Instant createdAt,
        Instant deadline,
        @JsonProperty("outcome_key") String outcomeKey,
        String traceparent) {
    public RenderTask {
        if (steps < 1 || steps > 100) {
            throw new IllegalArgumentException("steps must be 1 to 100");
        }
        if (compression < 0 || compression > 100) {
            throw new IllegalArgumentException("compression must be 0 to 100");
        }
    }
}
