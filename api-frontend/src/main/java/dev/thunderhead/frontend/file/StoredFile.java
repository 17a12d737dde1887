package dev.thunderhead.frontend.file;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.thunderhead.job.Account;
import java.time.Instant;
import java.util.Set;

/**
 * What is known of a file. Immutable.
 *
 * @param name what its owner called it
 * @param purpose {@value #INPUT} or {@value #OUTPUT}
 * @param bytes its length
 * @param createdAt when all of it had come, which may be long after the time in its id
 * @param expiresAt from when on there is no such file
 */
public record StoredFile(
        FileId id,
        Account account,
        String name,
        String purpose,
        long bytes,
        @JsonProperty("created_at") Instant createdAt,
        @JsonProperty("expires_at") Instant expiresAt) {
    /** A batch's requests. */
    public static final String INPUT = "batch";

    /** A batch's results. */
    public static final String OUTPUT = "batch_output";

    static final Set<String> PURPOSES = Set.of(INPUT, OUTPUT);
}
