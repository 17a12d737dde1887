package dev.thunderhead.job;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.thunderhead.model.ImageSize;
import java.time.Instant;

/**
 * One picture to render: all that a worker needs to know. Immutable.
 *
 * @param id job and index
 * @param account whose job it is
 * @param job what all tasks of the job have in common
 * @param prompt what to paint, up to 4,000 characters
 * @param seed seed of the start noise
 * @param compression JPEG quality, 0 to 100; without meaning for PNG
 * @param promptInFile whether the picture's metadata repeats the prompt
 * @param deadline when rendering has no point any more
 * @param outcomeKey the key of its one outcome object
 * @param traceparent the W3C trace context of the request
 */
public record RenderTask(
        TaskId id,
        Account account,
        JobDescription job,
        String prompt,
        long seed,
        int compression,
        @JsonProperty("prompt_in_file") boolean promptInFile,
        Instant deadline,
        @JsonProperty("outcome_key") String outcomeKey,
        String traceparent) {
    public RenderTask {
        if (compression < 0 || compression > 100) {
            throw new IllegalArgumentException("compression must be 0 to 100");
        }
    }

    public Lane lane() {
        return job.lane();
    }

    public String model() {
        return job.model();
    }

    public int steps() {
        return job.steps();
    }

    public ImageSize size() {
        return job.size();
    }

    public OutputFormat format() {
        return job.format();
    }

    public Instant createdAt() {
        return job.createdAt();
    }
}
