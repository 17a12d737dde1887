package dev.thunderhead.frontend.batch;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.thunderhead.job.JobId;
import dev.thunderhead.job.TimeOrderedId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * Names a batch: {@code batch_} and a {@link TimeOrderedId}. With a line's number it decides what the line's job is called
 * and which seed is drawn for it, so whoever queues the line again queues the same job.
 *
 * @param value the whole text, prefix included
 */
public record BatchId(@JsonValue String value) {
    private static final String PREFIX = "batch_";
    private static final Pattern FORM = TimeOrderedId.form(PREFIX);
    private static final long SEEDS = 1L << 32;

    @JsonCreator
    public BatchId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("not a batch id");
        }
    }

    /** A new id for a batch made at {@code now}. */
    public static BatchId create(Instant now, RandomGenerator random) {
        return new BatchId(TimeOrderedId.create(PREFIX, now, random));
    }

    /** The id that the text is, or nothing when it has another form. */
    public static Optional<BatchId> parse(String text) {
        return FORM.matcher(text).matches() ? Optional.of(new BatchId(text)) : Optional.empty();
    }

    /** When the batch was made, to the millisecond. */
    public Instant createdAt() {
        return TimeOrderedId.createdAt(PREFIX, value);
    }

    /** What tells it from other batches: the id without its prefix. */
    String unique() {
        return value.substring(PREFIX.length());
    }

    /** The id of the job that a line becomes: of the batch's time, and 80 bits of a hash. */
    JobId job(int line) {
        return JobId.of(createdAt(), Arrays.copyOf(hash(line), TimeOrderedId.TAIL_BYTES));
    }

    /** The seed of a line that names none, 0 to 2<sup>32</sup>&nbsp;−&nbsp;1. */
    long seed(int line) {
        return Math.floorMod(ByteBuffer.wrap(hash(line)).getLong(TimeOrderedId.TAIL_BYTES), SEEDS);
    }

    private byte[] hash(int line) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest((value + "/" + line).getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException problem) {
            throw new IllegalStateException("SHA-256 is part of every Java platform", problem);
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
