package dev.thunderhead.frontend.file;

import dev.thunderhead.config.Environment;
import java.time.Duration;

/**
 * What files clients may upload.
 *
 * @param maxBytes the largest, 1 to 1 GiB
 * @param kept how long one is kept whose owner does not say so
 */
public record FileSettings(int maxBytes, Duration kept) {
    /** The shortest and the longest time that a client may ask for; OpenAI's. */
    public static final Duration SHORTEST = Duration.ofHours(1);

    public static final Duration LONGEST = Duration.ofDays(30);

    /** OpenAI's limit for batches is 200 MB; in MiB, so that it is kept whoever counts. */
    private static final int USUAL = 200 << 20;

    private static final int MOST = 1 << 30;

    /** @param kept cut to {@link #LONGEST} */
    public FileSettings {
        if (maxBytes < 1 || maxBytes > MOST) {
            throw new IllegalArgumentException("THUNDERHEAD_MAX_FILE_SIZE: must be 1 to " + MOST + " bytes");
        }
        kept = kept.compareTo(LONGEST) < 0 ? kept : LONGEST;
    }

    /**
     * Reads {@code THUNDERHEAD_MAX_FILE_SIZE}.
     *
     * @param results how long results are kept
     */
    public static FileSettings from(Environment environment, Duration results) {
        return new FileSettings(environment.number("THUNDERHEAD_MAX_FILE_SIZE", USUAL, 1, MOST), results);
    }
}
