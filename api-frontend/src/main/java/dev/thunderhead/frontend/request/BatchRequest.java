package dev.thunderhead.frontend.request;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A request for a batch.
 *
 * @param inputFile the id of a file, as the client wrote it
 * @param windowText how long the batch may take, as the client wrote it
 * @param window the same, up to a day
 * @param outputKept how long its files are kept, if the client says so
 */
public record BatchRequest(
        String inputFile,
        String windowText,
        Duration window,
        Map<String, String> metadata,
        Optional<Duration> outputKept) {}
