package dev.thunderhead.standalone.batch;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Set;

/**
 * Where the API answers.
 *
 * @param base without a slash at its end, and without {@code /v1}
 */
public record ServerAddress(String base) {
    /** Where {@code thunderhead up} listens. */
    public static final ServerAddress LOCAL = new ServerAddress("http://127.0.0.1:8080");

    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

    /**
     * Reads an address, with or without the {@code /v1} that SDKs want.
     *
     * @throws InputException when it is none
     */
    public static ServerAddress parse(String text) {
        String base = text.replaceAll("/+$", "").replaceAll("/v1$", "");
        try {
            URI url = new URI(base);
            boolean web = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            if (web && url.getHost() != null && url.getQuery() == null && url.getFragment() == null) {
                return new ServerAddress(base);
            }
        } catch (URISyntaxException problem) {
            // Reported below, like an address of another kind.
        }
        throw new InputException("'" + text + "' is no server's address, such as " + LOCAL.base());
    }

    /** Whether it is on this machine. */
    public boolean isLocal() {
        return LOOPBACK.contains(String.valueOf(URI.create(base).getHost()));
    }
}
