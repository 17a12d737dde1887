package dev.thunderhead.frontend.media;

import dev.thunderhead.config.Environment;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * How clients get at pictures.
 *
 * @param delivery what answers carry as a picture's address
 * @param publicUrl where clients reach this service; empty: at the host and port it listens on
 * @param secret signs addresses and object keys; the same in every frontend, and for as long as addresses shall work
 * @param validity how long a presigned address works, 1 second to 7 days
 */
public record MediaSettings(Delivery delivery, Optional<URI> publicUrl, String secret, Duration validity) {
    private static final Duration LONGEST = Duration.ofDays(7);
    private static final int SHORTEST_SECRET = 32;

    /** What answers carry as a picture's address. */
    public enum Delivery {
        /** A stable address of ours that redirects to the store. */
        REDIRECT,
        /** An address at the store that works for a while. */
        PRESIGNED;

        static Delivery parse(String text) {
            return switch (text) {
                case "redirect" -> REDIRECT;
                case "presigned" -> PRESIGNED;
                default -> throw new IllegalArgumentException("must be redirect or presigned");
            };
        }
    }

    public MediaSettings {
        if (validity.compareTo(Duration.ofSeconds(1)) < 0 || validity.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("THUNDERHEAD_PRESIGN_VALIDITY: must be 1s to 168h");
        }
    }

    /** Reads {@code THUNDERHEAD_MEDIA}, {@code _PUBLIC_URL}, {@code _MEDIA_SECRET} and {@code _PRESIGN_VALIDITY}. */
    public static MediaSettings from(Environment environment) {
        return new MediaSettings(
                environment.parsed("THUNDERHEAD_MEDIA", Delivery.REDIRECT, Delivery::parse),
                environment.value("THUNDERHEAD_PUBLIC_URL").map(text -> environment.uri("THUNDERHEAD_PUBLIC_URL")),
                secret(environment),
                environment.duration("THUNDERHEAD_PRESIGN_VALIDITY", Duration.ofHours(1)));
    }

    private static String secret(Environment environment) {
        environment.text("THUNDERHEAD_MEDIA_SECRET");
        return environment.parsed("THUNDERHEAD_MEDIA_SECRET", "", text -> {
            if (text.length() < SHORTEST_SECRET) {
                throw new IllegalArgumentException("must have " + SHORTEST_SECRET + " characters or more");
            }
            return text;
        });
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "MediaSettings[delivery=" + delivery + ", publicUrl=" + publicUrl + ", validity=" + validity + "]";
    }
}
