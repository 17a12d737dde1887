package dev.thunderhead.job;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * Names a job: {@code job_}, ten digits of inverted time, and sixteen of randomness, for example
 * {@code job_7ywb6tq1zr0m3c5k8v2d9h4j6n}. Time runs backwards so that S3's ascending listing shows the newest first.
 *
 * @param value the whole text, prefix included
 */
public record JobId(@JsonValue String value) {
    private static final String PREFIX = "job_";
    private static final Pattern FORM = Pattern.compile(PREFIX + "[" + Base32.ALPHABET + "]{26}");
    private static final int TIME_DIGITS = 10;
    private static final int RANDOM_BYTES = 10;
    private static final long LAST_MILLISECOND = (1L << 48) - 1;

    @JsonCreator
    public JobId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("not a job id");
        }
    }

    /** A new id for a job submitted at {@code now}; 80 random bits keep ids of one millisecond apart. */
    public static JobId create(Instant now, RandomGenerator random) {
        byte[] tail = new byte[RANDOM_BYTES];
        random.nextBytes(tail);
        return new JobId(listedAfter(now) + Base32.encode(tail, 16));
    }

    /**
     * The text after which an ascending listing has the ids of all jobs submitted at {@code time} or before, and before
     * which it has those of all later ones.
     */
    public static String listedAfter(Instant time) {
        long inverted = LAST_MILLISECOND - time.toEpochMilli();
        byte[] bytes = ByteBuffer.allocate(Long.BYTES).putLong(inverted).array();
        return PREFIX + Base32.encode(bytes, TIME_DIGITS);
    }

    /** The id that the text is, or nothing when it has another form. */
    public static Optional<JobId> parse(String text) {
        return FORM.matcher(text).matches() ? Optional.of(new JobId(text)) : Optional.empty();
    }

    /** When the job was submitted, to the millisecond. */
    public Instant createdAt() {
        String time = value.substring(PREFIX.length(), PREFIX.length() + TIME_DIGITS);
        return Instant.ofEpochMilli(LAST_MILLISECOND - (Base32.decode(time) & LAST_MILLISECOND));
    }

    @Override
    public String toString() {
        return value;
    }
}
