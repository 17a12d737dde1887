package dev.thunderhead.standalone.batch;

import dev.thunderhead.wire.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Objects;

/**
 * Writes the gallery: one page that needs nothing but the pictures beside it. What it shows stands in it as JSON, of which
 * its script makes elements for a page at a time, so that 50,000 pictures open as fast as 100. Not thread-safe.
 */
final class GalleryWriter implements AutoCloseable {
    private static final String TITLE = "<!--title-->";
    private static final String ENTRIES = "<!--entries-->";

    private final Writer out;
    private final String end;
    private String separator = "\n";

    /**
     * Begins the page, in a file that is not there.
     *
     * @param title stands above the pictures
     */
    GalleryWriter(Path file, String title) throws IOException {
        String page = page();
        int place = page.indexOf(ENTRIES);
        end = page.substring(place + ENTRIES.length());
        out = Files.newBufferedWriter(file, StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW);
        out.write(page.substring(0, place).replace(TITLE, escaped(title)));
    }

    private static String page() throws IOException {
        try (InputStream in = Objects.requireNonNull(GalleryWriter.class.getResourceAsStream("gallery.html"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Shows a picture; {@code file} is relative to the page. */
    void picture(String file, String name, String prompt, String seed) throws IOException {
        entry(Map.of("file", file, "name", name, "prompt", prompt, "seed", seed));
    }

    /** Lists a row that has failed. */
    void failure(String row, String prompt, String message) throws IOException {
        entry(Map.of("row", row, "prompt", prompt, "message", message));
    }

    private void entry(Map<String, Object> entry) throws IOException {
        out.write(separator);
        // ASCII already; without this a prompt could end the element that it stands in.
        out.write(Json.text(entry).replace("<", "\\u003c"));
        separator = ",\n";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    /** Ends the page. */
    @Override
    public void close() throws IOException {
        try (out) {
            out.write(end);
        }
    }
}
