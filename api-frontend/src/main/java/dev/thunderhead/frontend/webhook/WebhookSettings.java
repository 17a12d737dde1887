package dev.thunderhead.frontend.webhook;

import dev.thunderhead.config.Environment;
import java.time.Duration;

/**
 * How callbacks are made.
 *
 * @param reach whom they may reach
 * @param schedule when each is tried
 * @param timeout within which a receiver must have answered, 1 to 30 seconds
 * @param concurrency how many calls one receiver gets at the same time from one frontend, 1 to 200
 * @param disableAfter an endpoint that has failed for so long is called no more
 * @param breaker when a receiver that fails is left alone for a while
 */
public record WebhookSettings(
        Reach reach, Schedule schedule, Duration timeout, int concurrency, Duration disableAfter, Breaker breaker) {
    public static final WebhookSettings STANDARD = new WebhookSettings(
            Reach.PUBLIC, Schedule.STANDARD, Duration.ofSeconds(15), 16, Duration.ofDays(5), Breaker.STANDARD);

    private static final int MOST_AT_ONCE = 200;

    /**
     * When a receiver that fails is left alone.
     *
     * @param failures after so many in a row, from all its deliveries
     * @param pause for so long; then one call tries whether it has recovered
     * @param longest each further failure doubles the pause up to this
     */
    public record Breaker(int failures, Duration pause, Duration longest) {
        public static final Breaker STANDARD = new Breaker(5, Duration.ofSeconds(30), Duration.ofMinutes(5));

        public Breaker {
            if (failures < 1) {
                throw new IllegalArgumentException("a breaker opens after one failure or more");
            }
        }
    }

    public WebhookSettings {
        if (timeout.toMillis() < 1000 || timeout.toSeconds() > 30) {
            throw new IllegalArgumentException("THUNDERHEAD_WEBHOOK_TIMEOUT: must be 1s to 30s");
        }
        if (concurrency < 1 || concurrency > MOST_AT_ONCE) {
            throw new IllegalArgumentException("THUNDERHEAD_WEBHOOK_CONCURRENCY: must be 1 to " + MOST_AT_ONCE);
        }
    }

    /** Reads {@code THUNDERHEAD_WEBHOOK_*}. */
    public static WebhookSettings from(Environment environment) {
        return new WebhookSettings(
                environment.parsed("THUNDERHEAD_WEBHOOK_ALLOW_PRIVATE", STANDARD.reach(), WebhookSettings::reach),
                environment.parsed("THUNDERHEAD_WEBHOOK_SCHEDULE", STANDARD.schedule(), Schedule::parse),
                environment.duration("THUNDERHEAD_WEBHOOK_TIMEOUT", STANDARD.timeout()),
                environment.number("THUNDERHEAD_WEBHOOK_CONCURRENCY", STANDARD.concurrency(), 1, MOST_AT_ONCE),
                environment.duration("THUNDERHEAD_WEBHOOK_DISABLE_AFTER", STANDARD.disableAfter()),
                Breaker.STANDARD);
    }

    private static Reach reach(String allowPrivate) {
        return switch (allowPrivate) {
            case "true" -> Reach.ANYWHERE;
            case "false" -> Reach.PUBLIC;
            default -> throw new IllegalArgumentException("must be true or false");
        };
    }
}
