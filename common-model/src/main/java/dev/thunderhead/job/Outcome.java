package dev.thunderhead.job;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.thunderhead.model.ImageSize;
import java.time.Instant;

/**
 * How a task ended. Every task gets exactly one; it is written once, beside the object at the task's outcome key, and
 * every report of the end repeats it to the letter.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "outcome")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Outcome.Picture.class, name = "picture"),
    @JsonSubTypes.Type(value = Outcome.Failed.class, name = "failed"),
    @JsonSubTypes.Type(value = Outcome.Cancelled.class, name = "cancelled")
})
public sealed interface Outcome {
    /** When the task ended, by the clock of whoever ended it. */
    Instant finishedAt();

    /**
     * The task's picture is the object at the outcome key.
     *
     * @param format the object's file format
     * @param bytes the object's length
     * @param sha256 of the object, in hexadecimal
     * @param model id of the model that painted it
     * @param build the model's build
     * @param batch how many pictures were rendered together
     */
    record Picture(
            OutputFormat format,
            long bytes,
            String sha256,
            long seed,
            int steps,
            ImageSize size,
            String model,
            String build,
            int batch,
            StageTimings timings,
            @JsonProperty("finished_at") Instant finishedAt)
            implements Outcome {
        /**
         * When its rendering was begun.
         *
         * @param createdAt when the job was submitted
         */
        public Instant startedAt(Instant createdAt) {
            return createdAt.plusMillis((long) timings.queue());
        }
    }

    /**
     * There is no picture, and will be none.
     *
     * @param message for the user: what happened and what to do; printable ASCII, cut at 300 characters
     */
    record Failed(
            FailureCode code,
            String message,
            @JsonProperty("finished_at") Instant finishedAt) implements Outcome {
        public Failed {
            message = headerSafe(message);
        }
    }

    /** The task was called off before it was rendered. */
    record Cancelled(
            String message, @JsonProperty("finished_at") Instant finishedAt) implements Outcome {
        public Cancelled {
            message = headerSafe(message);
        }
    }

    // An outcome travels in an object's metadata: S3 allows 2 KB of ASCII, and folds runs of blanks when it signs them.
    private static String headerSafe(String message) {
        String plain = message.replaceAll("[^\\x21-\\x7e]+", " ").strip();
        return plain.substring(0, Math.min(plain.length(), 300));
    }
}
