package dev.thunderhead.job;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.thunderhead.model.ImageSize;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What all tasks of a job have in common and its owner may be told again: with it every task and every event says enough
 * to write the job's record. It holds no prompt. Immutable.
 *
 * @param lane the queue its tasks travel in
 * @param model id of the model that paints
 * @param size one of the model's allowed sizes
 * @param steps denoising steps; the model has a UNet for that count
 * @param format the file format to deliver
 * @param count how many tasks, at least 1
 * @param inline whether answers carry the pictures themselves instead of addresses
 * @param previews how many previews of each picture are wanted while it is rendered, 0 to 3
 * @param createdAt when the job was submitted
 * @param metadata the owner's own notes, up to 16 short texts
 * @param callback whom to call at the end, besides the account's own endpoints
 */
public record JobDescription(
        Lane lane,
        String model,
        ImageSize size,
        int steps,
        OutputFormat format,
        int count,
        boolean inline,
        int previews,
        @JsonProperty("created_at") Instant createdAt,
        Map<String, String> metadata,
        Optional<Callback> callback) {
    public JobDescription {
        if (steps < 1 || steps > 100) {
            throw new IllegalArgumentException("steps must be 1 to 100");
        }
        if (count < 1) {
            throw new IllegalArgumentException("a job has one task at least");
        }
        metadata = Map.copyOf(metadata);
    }
}
