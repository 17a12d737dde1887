package dev.thunderhead.standalone.batch;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.thunderhead.frontend.request.GenerationRequest;
import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes the requests of an input as lines of a batch, and gathers its problems. Not thread-safe. */
final class RequestWriter implements RequestSink, AutoCloseable {
    static final int MOST_ROWS = 50_000;
    /** Writes UTF-8: escapes would make six bytes of a letter, and files and lines have their limits. */
    private static final JsonMapper JSON = new JsonMapper();

    private final String source;
    private final OutputStream out;
    private final CommonParameters common;
    private final Listing problems = new Listing();
    private int rows;

    /**
     * Opens the file.
     *
     * @param source names the input in messages
     */
    RequestWriter(String source, Path file, CommonParameters common) throws IOException {
        this.source = source;
        this.out = new BufferedOutputStream(new FileOutputStream(file.toFile()));
        this.common = common;
    }

    @Override
    public int nextRow() {
        return rows + 1;
    }

    @Override
    public void add(long line, String customId, ObjectNode body) throws IOException {
        common.addTo(body);
        if (JSON.writeValueAsBytes(body).length > GenerationRequest.MAX_BODY) {
            refuse(line, "its request is longer than " + GenerationRequest.MAX_BODY + " bytes");
            return;
        }
        count();
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("custom_id", customId);
        request.put("method", BatchApi.METHOD);
        request.put("url", BatchApi.ENDPOINT);
        request.put("body", body);
        out.write(JSON.writeValueAsBytes(request));
        out.write('\n');
    }

    @Override
    public void refuse(long line, String problem) {
        count();
        problems.add("row " + rows + " (line " + line + "): " + problem);
    }

    private void count() {
        rows++;
        if (rows > MOST_ROWS) {
            throw new InputException(source + " has more than " + MOST_ROWS + " rows: split it");
        }
    }

    /**
     * Looks back on all rows.
     *
     * @throws InputException when one of them makes no request, or there is none
     */
    void check() {
        if (rows == 0) {
            throw new InputException(source + " has no rows");
        }
        if (!problems.isEmpty()) {
            throw new InputException(problems.count() + " of " + rows + " rows of " + source + " cannot be used:\n"
                    + problems.text("") + "Nothing was uploaded");
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
