package dev.thunderhead.frontend.batch;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What lines have come to, added up. Immutable.
 *
 * @param completed how many have their pictures
 * @param failed how many have ended otherwise; those that were dropped have not run, and are in neither
 * @param inputTokens of the prompts of those that are completed
 * @param outputTokens of their pictures
 * @param outputBytes about how long the output is at most
 */
public record Tally(
        int completed,
        int failed,
        @JsonProperty("input_tokens") long inputTokens,
        @JsonProperty("output_tokens") long outputTokens,
        @JsonProperty("output_bytes") long outputBytes) {
    static final Tally NONE = new Tally(0, 0, 0, 0, 0);

    /** With one more. */
    Tally plus(LineResult result) {
        boolean isCompleted = result.isCompleted();
        boolean isFailed = !isCompleted && !(result instanceof LineResult.Dropped);
        return new Tally(
                completed + (isCompleted ? 1 : 0),
                failed + (isFailed ? 1 : 0),
                inputTokens + result.usage().inputTokens(),
                outputTokens + result.usage().outputTokens(),
                outputBytes + result.outputBytes());
    }

    /** With more of them. */
    Tally plus(Iterable<? extends LineResult> results) {
        Tally tally = this;
        for (LineResult result : results) {
            tally = tally.plus(result);
        }
        return tally;
    }
}
