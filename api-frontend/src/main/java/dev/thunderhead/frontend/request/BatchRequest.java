package dev.thunderhead.frontend.request;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A request for a batch.
 *
 * @param inputFile the id of a file, as the client wrote it
 * @param window how long the batch may take
 * @param outputKept how long its files are kept, if the client says so
 */
public record BatchRequest(
        String inputFile, Window window, Map<String, String> metadata, Optional<Duration> outputKept) {
    /**
     * How long a batch may take.
     *
     * @param text as the client wrote it
     * @param span the same, from a second to a day
     */
    public record Window(String text, Duration span) {}
}
