package dev.thunderhead.frontend.webhook;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What callbacks are signed with, in the form of Standard Webhooks: {@code whsec_} and 32 random bytes in base64.
 *
 * @param key the whole text
 * @param until when it stops signing; for ever if empty
 */
public record SigningSecret(
        String key, @JsonProperty("until") Optional<Instant> until) {
    private static final String PREFIX = "whsec_";
    private static final String ALGORITHM = "HmacSHA256";
    private static final int BYTES = 32;
    private static final int SHOWN = 4;

    public SigningSecret {
        if (!key.startsWith(PREFIX)) {
            throw new IllegalArgumentException("a signing secret begins with " + PREFIX);
        }
    }

    public static SigningSecret create(RandomGenerator random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return new SigningSecret(PREFIX + Base64.getEncoder().encodeToString(bytes), Optional.empty());
    }

    /** The same secret, for a limited time. */
    public SigningSecret expiring(Instant when) {
        return new SigningSecret(key, Optional.of(when));
    }

    public boolean isActive(Instant now) {
        return until.isEmpty() || now.isBefore(until.get());
    }

    /**
     * The signature of one attempt, as Standard Webhooks defines it.
     *
     * @param timestamp the attempt's time in Unix seconds
     */
    String sign(String id, long timestamp, String payload) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(Base64.getDecoder().decode(key.substring(PREFIX.length())), ALGORITHM));
            byte[] digest = mac.doFinal((id + "." + timestamp + "." + payload).getBytes(StandardCharsets.UTF_8));
            return "v1," + Base64.getEncoder().encodeToString(digest);
        } catch (GeneralSecurityException problem) {
            throw new IllegalStateException(ALGORITHM + " is part of every Java platform", problem);
        }
    }

    /** Enough to tell which one it is, and too little to use it. */
    public String hint() {
        return PREFIX + "…" + key.substring(key.length() - SHOWN);
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "SigningSecret[" + hint() + ", until=" + until + "]";
    }
}
