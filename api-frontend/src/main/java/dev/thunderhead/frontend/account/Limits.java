package dev.thunderhead.frontend.account;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * How much an account may ask of one frontend.
 *
 * @param requestsPerMinute requests for pictures, 1 to 1,000,000; up to a minute's worth may come at once
 * @param concurrentRequests synchronous requests that wait at the same time, 1 to 100,000
 */
public record Limits(
        @JsonProperty("requests_per_minute") int requestsPerMinute,
        @JsonProperty("concurrent_requests") int concurrentRequests) {
    /** For keys that are made without naming limits. */
    public static final Limits STANDARD = new Limits(600, 64);

    public Limits {
        if (requestsPerMinute < 1 || requestsPerMinute > 1_000_000) {
            throw new IllegalArgumentException("requests_per_minute must be 1 to 1,000,000");
        }
        if (concurrentRequests < 1 || concurrentRequests > 100_000) {
            throw new IllegalArgumentException("concurrent_requests must be 1 to 100,000");
        }
    }
}
