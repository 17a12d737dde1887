package dev.thunderhead.frontend.account;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * A secret that stands for an account: {@code th_}, 27 base-62 digits of randomness (160 bits), and 6 digits of CRC-32
 * over all before, so that a scanner tells a leaked key from noise, and a typing error never costs a look-up.
 *
 * @param text the whole key
 */
public record ApiKey(String text) {
    private static final String PREFIX = "th_";
    private static final String ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int RANDOM_DIGITS = 27;
    private static final int CHECK_DIGITS = 6;
    private static final Pattern FORM = Pattern.compile(PREFIX + "[0-9A-Za-z]{" + (RANDOM_DIGITS + CHECK_DIGITS) + "}");

    public ApiKey {
        if (!isValid(text)) {
            throw new IllegalArgumentException("not an API key");
        }
    }

    /** A new key. */
    public static ApiKey create(SecureRandom random) {
        StringBuilder text = new StringBuilder(PREFIX);
        for (int i = 0; i < RANDOM_DIGITS; i++) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return new ApiKey(text + check(text.toString()));
    }

    /** The key that the text is, or nothing when it has another form or a wrong check. */
    public static Optional<ApiKey> parse(String text) {
        return isValid(text) ? Optional.of(new ApiKey(text)) : Optional.empty();
    }

    private static boolean isValid(String text) {
        return FORM.matcher(text).matches() && text.endsWith(check(text.substring(0, PREFIX.length() + RANDOM_DIGITS)));
    }

    private static String check(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.US_ASCII));
        long rest = crc.getValue();
        char[] digits = new char[CHECK_DIGITS];
        for (int i = CHECK_DIGITS - 1; i >= 0; i--) {
            digits[i] = ALPHABET.charAt((int) (rest % ALPHABET.length()));
            rest /= ALPHABET.length();
        }
        return new String(digits);
    }

    /** What is kept of it: SHA-256 in hexadecimal. With 160 random bits inside, no salt is needed. */
    public String sha256() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException problem) {
            throw new IllegalStateException("SHA-256 is part of every Java platform", problem);
        }
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return PREFIX + "…";
    }
}
