package dev.thunderhead.frontend.account;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Optional;

/**
 * How much an account may ask for.
 *
 * @param requestsPerMinute requests for pictures to one frontend, 1 to 1,000,000; up to a minute's worth may come at once
 * @param concurrentRequests synchronous requests that wait at one frontend at the same time, 1 to 100,000
 * @param queuedTasks pictures of jobs that may be queued or rendering in the whole deployment, 1 to 1,000,000
 */
public record Limits(
        @JsonProperty("requests_per_minute") int requestsPerMinute,
        @JsonProperty("concurrent_requests") int concurrentRequests,
        @JsonProperty("queued_tasks") int queuedTasks) {
    private static final int QUEUED_TASKS = 10_000;

    /** For keys that are made without naming limits. */
    public static final Limits STANDARD = new Limits(600, 64);

    public Limits {
        check("requests_per_minute", requestsPerMinute, 1_000_000);
        check("concurrent_requests", concurrentRequests, 100_000);
        check("queued_tasks", queuedTasks, 1_000_000);
    }

    /** With the usual share of the queue. */
    public Limits(int requestsPerMinute, int concurrentRequests) {
        this(requestsPerMinute, concurrentRequests, QUEUED_TASKS);
    }

    /** As a keys file tells of them, which may be older than the last limit. */
    @JsonCreator
    static Limits read(
            @JsonProperty("requests_per_minute") int requestsPerMinute,
            @JsonProperty("concurrent_requests") int concurrentRequests,
            @JsonProperty("queued_tasks") Optional<Integer> queuedTasks) {
        return new Limits(requestsPerMinute, concurrentRequests, queuedTasks.orElse(QUEUED_TASKS));
    }

    private static void check(String name, int value, int most) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException(String.format("%s must be 1 to %,d", name, most));
        }
    }
}
