package dev.thunderhead.standalone.batch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What is to be painted.
 *
 * @param file a table in CSV, or a batch's lines when its name ends in {@code .jsonl} or {@code .ndjson}
 * @param template makes prompts of a table's columns; empty: its column {@code prompt} is the prompt
 * @param common for all rows that do not say otherwise
 */
public record CampaignInput(Path file, Optional<String> template, CommonParameters common) {
    private static final Pattern JSON_LINES = Pattern.compile("(?i).*\\.(jsonl|ndjson)");

    /**
     * Writes it as lines of a batch. The same input gives the same bytes.
     *
     * @throws InputException when it, or any of its rows, cannot be used
     */
    void writeTo(Path requests) throws IOException {
        RequestSource source = source();
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw new InputException(file + " is no file that can be read");
        }
        try (RequestWriter writer = new RequestWriter(file.toString(), requests, common)) {
            source.readInto(writer);
            writer.check();
        }
    }

    private RequestSource source() {
        if (!JSON_LINES.matcher(String.valueOf(file.getFileName())).matches()) {
            return new CsvInput(file, template.map(Template::parse));
        }
        if (template.isPresent()) {
            throw new InputException("--template is for CSV: the lines of " + file + " have prompts of their own");
        }
        return new JsonLinesInput(file);
    }
}
