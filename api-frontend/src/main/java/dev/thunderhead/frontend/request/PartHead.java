package dev.thunderhead.frontend.request;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.commons.fileupload2.core.ParameterParser;

/**
 * What the headers of a form's part say.
 *
 * @param fileName as the client wrote it; empty where the part is no file
 */
record PartHead(String name, Optional<String> fileName) {
    private static final String DISPOSITION = "content-disposition:";
    private static final int LONGEST_BOUNDARY = 256;

    /** The boundary that a form's content type names; empty where it names none, or a longer one than anybody needs. */
    static Optional<String> boundary(String contentType) {
        return Optional.ofNullable(parameters(contentType).get("boundary"))
                .filter(boundary -> boundary.length() <= LONGEST_BOUNDARY);
    }

    /**
     * Reads the headers. Of a filename that is written in several ways ({@code filename*} is RFC 8187's) the last one counts.
     *
     * @return empty where they give no name that can be read
     */
    static Optional<PartHead> parse(String headers) {
        return Arrays.stream(headers.replaceAll("\r\n[ \t]+", " ").split("\r\n"))
                .filter(line -> line.regionMatches(true, 0, DISPOSITION, 0, DISPOSITION.length()))
                .findFirst()
                .flatMap(line -> disposed(line.substring(DISPOSITION.length())));
    }

    private static Optional<PartHead> disposed(String disposition) {
        try {
            Map<String, String> parameters = parameters(disposition);
            // An empty value is none to the parser.
            Optional<String> fileName = parameters.containsKey("filename")
                    ? Optional.of(Objects.requireNonNullElse(parameters.get("filename"), ""))
                    : Optional.empty();
            return Optional.ofNullable(parameters.get("name")).map(name -> new PartHead(name, fileName));
        } catch (IllegalArgumentException problem) {
            // Encoded by RFC 2047, and wrongly.
            return Optional.empty();
        }
    }

    private static Map<String, String> parameters(String header) {
        ParameterParser parser = new ParameterParser();
        parser.setLowerCaseNames(true);
        return parser.parse(header, ';');
    }
}
