package dev.thunderhead.standalone.batch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.thunderhead.wire.Json;
import dev.thunderhead.wire.MalformedRecordException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The lines that were, or are to be, uploaded.
 *
 * @param path the file, JSON lines
 */
record RequestsFile(Path path) {

    /** Takes a request. */
    @FunctionalInterface
    interface Visitor {
        void visit(Request request) throws IOException;
    }

    /** Shows each request, in order, and keeps none. */
    void forEach(Visitor visitor) throws IOException {
        try (BufferedReader lines = Files.newBufferedReader(path, StandardCharsets.UTF_8)) {
            int row = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                row++;
                JsonNode json = read(line);
                visitor.visit(Request.of(
                        row,
                        json.path("custom_id").asText(),
                        json.path("body").path("prompt").asText()));
            }
        }
    }

    private JsonNode read(String line) {
        try {
            return Json.read(line.getBytes(StandardCharsets.UTF_8), JsonNode.class);
        } catch (MalformedRecordException problem) {
            throw InputException.damaged(path.toString());
        }
    }

    /** Whether it is there, with that SHA-256. */
    boolean has(String expected) throws IOException {
        return Files.exists(path) && sha256().equals(expected);
    }

    /** The SHA-256 of its bytes, in hexadecimal. */
    String sha256() throws IOException {
        try (InputStream in = Files.newInputStream(path);
                DigestInputStream digest = new DigestInputStream(in, MessageDigest.getInstance("SHA-256"))) {
            digest.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digest.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException problem) {
            throw new IllegalStateException(problem);
        }
    }
}
