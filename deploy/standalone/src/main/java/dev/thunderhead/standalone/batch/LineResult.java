package dev.thunderhead.standalone.batch;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How a line ended. Immutable.
 *
 * @param batch the batch that painted it
 * @param id the result's id in that batch
 * @param row the line's number
 * @param pictures its pictures; none when it failed
 * @param failure why it failed
 */
record LineResult(String batch, String id, int row, List<Picture> pictures, Optional<Failure> failure) {
    private static final int FIRST_ERROR_STATUS = 400;

    LineResult {
        pictures = List.copyOf(pictures);
    }

    /**
     * Where a picture is.
     *
     * @param seed empty when the server does not tell
     */
    record Picture(URI url, OptionalLong seed) {
        /** The file's extension, with its dot. */
        String extension() {
            String path = String.valueOf(url.getPath());
            return path.endsWith(".jpg") || path.endsWith(".jpeg") ? ".jpg" : ".png";
        }
    }

    /** Why a line failed, in the server's words. */
    record Failure(String code, String message) {}

    /**
     * Reads a line of a batch's results.
     *
     * @param row the row that its {@code custom_id} names
     */
    static LineResult read(String batch, int row, JsonNode line) {
        JsonNode response = line.path("response");
        JsonNode body = response.path("body");
        String id = line.path("id").asText();
        if (line.path("error").isObject()) {
            return failed(batch, id, row, line.path("error"));
        }
        if (!response.isObject() || response.path("status_code").asInt() >= FIRST_ERROR_STATUS) {
            return failed(batch, id, row, body.path("error"));
        }
        List<Picture> pictures = new ArrayList<>();
        for (JsonNode picture : body.path("data")) {
            JsonNode seed = picture.path("seed");
            url(picture)
                    .ifPresent(url -> pictures.add(new Picture(
                            url, seed.isIntegralNumber() ? OptionalLong.of(seed.asLong()) : OptionalLong.empty())));
        }
        return pictures.isEmpty()
                ? new LineResult(
                        batch, id, row, pictures, Optional.of(new Failure("no_picture", "the answer has no picture")))
                : new LineResult(batch, id, row, pictures, Optional.empty());
    }

    private static LineResult failed(String batch, String id, int row, JsonNode error) {
        return new LineResult(
                batch,
                id,
                row,
                List.of(),
                Optional.of(new Failure(
                        error.path("code").asText("unknown"),
                        error.path("message").asText("the server does not say why"))));
    }

    private static Optional<URI> url(JsonNode picture) {
        try {
            URI url = new URI(picture.path("url").asText());
            boolean web = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            return web && url.getHost() != null ? Optional.of(url) : Optional.empty();
        } catch (URISyntaxException problem) {
            return Optional.empty();
        }
    }
}
