package dev.thunderhead.frontend.http;

import dev.thunderhead.config.Environment;
import java.net.URI;

/**
 * Where the API listens.
 *
 * @param port 0 for a free one
 */
public record HttpSettings(String host, int port) {
    /** Reads {@code THUNDERHEAD_HOST} and {@code THUNDERHEAD_PORT}. */
    public static HttpSettings from(Environment environment) {
        return new HttpSettings(
                environment.text("THUNDERHEAD_HOST", "0.0.0.0"),
                environment.number("THUNDERHEAD_PORT", 8080, 0, 65_535));
    }

    /** Where clients on this machine reach it. */
    public URI localUrl(int actualPort) {
        String name = host.equals("0.0.0.0") || host.equals("::") ? "localhost" : host;
        return URI.create("http://" + (name.contains(":") ? "[" + name + "]" : name) + ":" + actualPort);
    }
}
