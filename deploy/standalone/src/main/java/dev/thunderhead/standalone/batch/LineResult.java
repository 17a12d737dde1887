package dev.thunderhead.standalone.batch;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a line ended. Immutable.
 *
 * @param batch the batch that painted it
 * @param id the result's id in that batch
 * @param row the line's number
 * @param pictures its pictures; when it failed, those that were finished all the same
 * @param failure why it failed
 */
record LineResult(String batch, String id, int row, List<Picture> pictures, Optional<Failure> failure) {
    private static final int FIRST_ERROR_STATUS = 400;
    /** Before the query of an address. */
    private static final Pattern EXTENSION = Pattern.compile("^[^?#]*\\.(png|jpg|jpeg)(?:[?#]|$)");

    LineResult {
        pictures = List.copyOf(pictures);
    }

    /**
     * Where a picture is.
     *
     * @param url as the server wrote it
     * @param seed empty when the server does not tell
     * @param extension of its file: {@value #PNG} or {@value #JPEG}, and so no part of a path
     */
    record Picture(String url, OptionalLong seed, String extension) {
        static final String PNG = ".png";
        static final String JPEG = ".jpg";
        private static final int LAST_PORT = 65_535;

        Picture {
            if (!extension.equals(PNG) && !extension.equals(JPEG)) {
                throw new IllegalArgumentException("no picture's extension");
            }
        }

        /** Where to ask for it; empty when the server wrote no address of the web. */
        Optional<URI> address() {
            try {
                URI address = new URI(url);
                boolean web = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
                return web && address.getHost() != null && address.getPort() <= LAST_PORT
                        ? Optional.of(address)
                        : Optional.empty();
            } catch (URISyntaxException problem) {
                return Optional.empty();
            }
        }

        /** Addresses at a store have none, but the answer tells the format. */
        private static String extension(String url, String format) {
            Matcher named = EXTENSION.matcher(url);
            String kind = named.find() ? named.group(1) : format;
            return kind.equals("jpg") || kind.equals("jpeg") ? JPEG : PNG;
        }
    }

    /**
     * Why a line failed, in the server's words.
     *
     * @param type the kind of error; empty where there was no call at all
     */
    record Failure(String type, String code, String message) {
        private static final String REFUSED = "invalid_request_error";

        private static Failure of(JsonNode error) {
            return new Failure(
                    error.path("type").asText(""),
                    error.path("code").asText(error.path("type").asText("unknown")),
                    error.path("message").asText("the server does not say why"));
        }

        /** Whether the line fails again, however often it is tried. */
        boolean isRefusal() {
            return type.equals(REFUSED);
        }
    }

    /**
     * Reads a line of a batch's results.
     *
     * @param row the row that its {@code custom_id} names
     */
    static LineResult read(String batch, int row, JsonNode line) {
        JsonNode body = line.path("response").path("body");
        String id = line.path("id").asText();
        List<Picture> pictures = new ArrayList<>();
        for (JsonNode picture : body.path("data")) {
            JsonNode seed = picture.path("seed");
            String url = picture.path("url").asText();
            pictures.add(new Picture(
                    url,
                    seed.isIntegralNumber() ? OptionalLong.of(seed.asLong()) : OptionalLong.empty(),
                    Picture.extension(url, body.path("output_format").asText())));
        }
        return new LineResult(batch, id, row, pictures, failure(line, pictures));
    }

    private static Optional<Failure> failure(JsonNode line, List<Picture> pictures) {
        JsonNode response = line.path("response");
        if (line.path("error").isObject()) {
            return Optional.of(Failure.of(line.path("error")));
        }
        if (!response.isObject() || response.path("status_code").asInt() >= FIRST_ERROR_STATUS) {
            return Optional.of(Failure.of(response.path("body").path("error")));
        }
        return pictures.isEmpty()
                ? Optional.of(new Failure("", "no_picture", "the answer has no picture"))
                : Optional.empty();
    }
}
