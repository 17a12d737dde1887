package dev.thunderhead.frontend.retention;

import dev.thunderhead.config.Environment;
import java.time.Duration;

/**
 * How long results are kept.
 *
 * @param results pictures and records of jobs, counted from the job's end
 */
public record RetentionSettings(Duration results) {
    private static final Duration SHORTEST = Duration.ofHours(1);
    private static final Duration LONGEST = Duration.ofDays(3_650);

    public RetentionSettings {
        if (results.compareTo(SHORTEST) < 0 || results.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "THUNDERHEAD_RETENTION: must be " + SHORTEST.toHours() + "h to " + LONGEST.toHours() + "h");
        }
    }

    /** Reads {@code THUNDERHEAD_RETENTION}. */
    public static RetentionSettings from(Environment environment) {
        return new RetentionSettings(environment.duration("THUNDERHEAD_RETENTION", Duration.ofDays(30)));
    }
}
