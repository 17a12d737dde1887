package dev.thunderhead.frontend.intake;

import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Tells whether two requests are the same to the byte.
 *
 * @param value SHA-256 in hexadecimal
 */
public record Fingerprint(@JsonValue String value) {
    /** Of a request's body to the endpoint. */
    public static Fingerprint of(String path, byte[] body) {
        MessageDigest digest = sha256();
        digest.update(path.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
        return new Fingerprint(HexFormat.of().formatHex(digest.digest(body)));
    }

    /** Of a text. */
    static Fingerprint of(String text) {
        return new Fingerprint(HexFormat.of().formatHex(sha256().digest(text.getBytes(StandardCharsets.UTF_8))));
    }

    /** A new digest of that kind. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException problem) {
            throw new IllegalStateException("SHA-256 is part of every Java platform", problem);
        }
    }
}
