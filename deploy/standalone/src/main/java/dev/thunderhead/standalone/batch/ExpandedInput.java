package dev.thunderhead.standalone.batch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An input as lines of a batch, in a temporary file that {@link #close} deletes.
 *
 * @param name names the input in messages
 * @param requests the lines
 * @param sha256 of their bytes, in hexadecimal
 */
public record ExpandedInput(String name, Path requests, String sha256) implements AutoCloseable {

    /**
     * Expands an input; nothing else is touched.
     *
     * @throws InputException when it, or any of its rows, cannot be used
     */
    public static ExpandedInput of(CampaignInput input) throws IOException {
        Path requests = Files.createTempFile("thunderhead", ".jsonl");
        try {
            input.writeTo(requests);
            return new ExpandedInput(input.file().toString(), requests, new RequestsFile(requests).sha256());
        } catch (IOException | RuntimeException problem) {
            Files.deleteIfExists(requests);
            throw problem;
        }
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(requests);
    }
}
