package dev.thunderhead.frontend.batch;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.thunderhead.frontend.answer.ErrorBody;
import dev.thunderhead.frontend.answer.ImagesResponse;
import dev.thunderhead.job.JobRecord;
import dev.thunderhead.job.JobStatus;
import dev.thunderhead.job.Outcome;

/** What a line has come to, as it is kept: short, and enough to make the output from. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "result")
@JsonSubTypes({
    @JsonSubTypes.Type(value = LineResult.Ended.class, name = "ended"),
    @JsonSubTypes.Type(value = LineResult.Refused.class, name = "refused"),
    @JsonSubTypes.Type(value = LineResult.Dropped.class, name = "dropped")
})
sealed interface LineResult {
    /** What a line takes besides pictures. */
    int LINE = 2_000;

    /** From 1. */
    int line();

    String customId();

    /** Whether it has its pictures. */
    default boolean isCompleted() {
        return this instanceof Ended ended && ended.job().status() == JobStatus.COMPLETED;
    }

    /** About how long its line of output is at most. */
    default long outputBytes() {
        return LINE
                + (this instanceof Ended ended
                        ? ended.job().outcomes().stream()
                                .mapToLong(outcome ->
                                        bytes(outcome, ended.job().job().inline()))
                                .sum()
                        : 0);
    }

    /** What it cost; nothing unless it is completed. */
    default ImagesResponse.Usage usage() {
        return this instanceof Ended ended && isCompleted()
                ? ImagesResponse.Usage.of(
                        ended.textTokens(),
                        ended.job().job().size(),
                        ended.job().job().count())
                : ImagesResponse.Usage.NONE;
    }

    private static long bytes(Outcome outcome, boolean inline) {
        // In base 64 three bytes become four letters.
        return LINE + (inline && outcome instanceof Outcome.Picture picture ? picture.bytes() * 4 / 3 : 0);
    }

    /**
     * Its job has ended.
     *
     * @param textTokens of its prompt
     */
    record Ended(
            int line,
            @JsonProperty("custom_id") String customId,
            @JsonProperty("text_tokens") long textTokens,
            JobRecord.Finished job)
            implements LineResult {}

    /**
     * A synchronous call would have been refused as well.
     *
     * @param status of HTTP
     */
    record Refused(int line, @JsonProperty("custom_id") String customId, int status, ErrorBody error)
            implements LineResult {}

    /** It was not rendered, since its batch ended before. */
    record Dropped(int line, @JsonProperty("custom_id") String customId, Reason reason) implements LineResult {}

    /** Why its batch ended. */
    enum Reason {
        @JsonProperty("batch_expired")
        BATCH_EXPIRED("batch_expired", "This request could not be executed before the completion window expired."),
        @JsonProperty("batch_cancelled")
        BATCH_CANCELLED("batch_cancelled", "This request was not executed, since the batch was cancelled.");

        private final String code;
        private final String message;

        Reason(String code, String message) {
            this.code = code;
            this.message = message;
        }

        String code() {
            return code;
        }

        String message() {
            return message;
        }
    }
}
