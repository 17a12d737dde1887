package dev.thunderhead.frontend.error;

import java.time.Duration;

/** What a client's automatic retry should do after an error. */
public sealed interface Retry {
    /** As the status suggests. */
    record ByStatus() implements Retry {}

    /** Come back later: the header {@code Retry-After}. */
    record After(Duration delay) implements Retry {
        /** OpenAI's clients ignore a longer one. */
        public static final Duration LONGEST = Duration.ofSeconds(60);

        /** @param delay cut to 1 to 60 seconds */
        public After {
            if (delay.compareTo(Duration.ofSeconds(1)) < 0) {
                delay = Duration.ofSeconds(1);
            } else if (delay.compareTo(LONGEST) > 0) {
                delay = LONGEST;
            }
        }

        /** Whole seconds, rounded up. */
        public long seconds() {
            return delay.plusMillis(999).toSeconds();
        }
    }

    /** Waiting cures nothing: the header {@code x-should-retry: false}. */
    record Never() implements Retry {}
}
