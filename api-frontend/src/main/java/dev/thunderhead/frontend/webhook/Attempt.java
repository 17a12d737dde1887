package dev.thunderhead.frontend.webhook;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.Optional;

/**
 * What came of one call.
 *
 * @param at when it began
 * @param status the answer's HTTP status; empty when no answer came
 * @param millis from the beginning to the answer's end, or to the failure
 * @param error why it failed; empty when it did not
 */
public record Attempt(
        Instant at,
        Optional<Integer> status,
        @JsonProperty("latency_ms") long millis,
        Optional<String> error) {
    public boolean succeeded() {
        return error.isEmpty();
    }
}
