package dev.thunderhead.job;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
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
    private static final Pattern FORM = TimeOrderedId.form(PREFIX);

    @JsonCreator
    public JobId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("not a job id");
        }
    }

    /** A new id for a job submitted at {@code now}; 80 random bits keep ids of one millisecond apart. */
    public static JobId create(Instant now, RandomGenerator random) {
        return new JobId(TimeOrderedId.create(PREFIX, now, random));
    }

    /**
     * The id of a job that whoever submits it again submits under the same one.
     *
     * @param tail {@link TimeOrderedId#TAIL_BYTES} bytes that tell it from others of the same time
     */
    public static JobId of(Instant submittedAt, byte[] tail) {
        return new JobId(TimeOrderedId.of(PREFIX, submittedAt, tail));
    }

    /**
     * The text after which an ascending listing has the ids of all jobs submitted at {@code time} or before, and before
     * which it has those of all later ones.
     */
    public static String listedAfter(Instant time) {
        return TimeOrderedId.listedAfter(PREFIX, time);
    }

    /** The id that the text is, or nothing when it has another form. */
    public static Optional<JobId> parse(String text) {
        return FORM.matcher(text).matches() ? Optional.of(new JobId(text)) : Optional.empty();
    }

    /** When the job was submitted, to the millisecond. */
    public Instant createdAt() {
        return TimeOrderedId.createdAt(PREFIX, value);
    }

    @Override
    public String toString() {
        return value;
    }
}
