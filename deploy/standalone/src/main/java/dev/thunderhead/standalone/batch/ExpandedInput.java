package dev.thunderhead.standalone.batch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An input as lines of a batch, in a temporary file that {@link #close} deletes.
 *
 * @param name names the input in messages
 * @param requests the lines
 */
public record ExpandedInput(String name, Path requests) implements AutoCloseable {

    /**
     * Expands an input; nothing else is touched.
     *
     * @throws InputException when it, or any of its rows, cannot be used
     */
    public static ExpandedInput of(CampaignInput input) throws IOException {
        ExpandedInput expanded =
                new ExpandedInput(input.file().toString(), Files.createTempFile("thunderhead", ".jsonl"));
        try {
            input.writeTo(expanded.requests());
            return expanded;
        } catch (IOException | RuntimeException problem) {
            expanded.close();
            throw problem;
        }
    }

    String sha256() throws IOException {
        return new RequestsFile(requests).sha256();
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(requests);
    }
}
