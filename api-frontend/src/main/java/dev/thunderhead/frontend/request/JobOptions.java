package dev.thunderhead.frontend.request;

import dev.thunderhead.job.Callback;
import java.util.Map;
import java.util.Optional;

/**
 * How a client wants to hear of its job.
 *
 * @param stream whether the answer is a live stream
 * @param previews how many previews of each picture it shall hold, 0 to {@value #MAX_PREVIEWS}
 * @param metadata the client's own notes, which every answer about the job repeats
 * @param callback whom to call when the job ends
 */
public record JobOptions(boolean stream, int previews, Map<String, String> metadata, Optional<Callback> callback) {
    public static final int MAX_PREVIEWS = 3;

    /** Nothing beyond an answer. */
    public static final JobOptions NONE = new JobOptions(false, 0, Map.of(), Optional.empty());

    public JobOptions {
        if (previews < 0 || previews > MAX_PREVIEWS) {
            throw new IllegalArgumentException("previews are 0 to " + MAX_PREVIEWS);
        }
        metadata = Map.copyOf(metadata);
    }
}
