package dev.thunderhead.frontend.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.thunderhead.frontend.webhook.Attempt;
import dev.thunderhead.frontend.webhook.Delivery;
import dev.thunderhead.frontend.webhook.DeliveryLog;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A delivery as its owner sees it. Ours: OpenAI has none.
 *
 * @param id what receivers see as {@code webhook-id}
 * @param nextAttemptAt empty once it is over
 */
record DeliveryAnswer(
        String id,
        String object,
        @JsonProperty("event_type") String eventType,
        Delivery.Status status,
        @JsonProperty("created_at") long createdAt,
        @JsonProperty("next_attempt_at") Optional<Long> nextAttemptAt,
        List<Made> attempts) {
    /** @param at Unix time in seconds */
    record Made(
            long at,
            Optional<Integer> status,
            @JsonProperty("latency_ms") long latencyMillis,
            Optional<String> error) {
        static Made of(Attempt attempt) {
            return new Made(attempt.at().getEpochSecond(), attempt.status(), attempt.millis(), attempt.error());
        }
    }

    static DeliveryAnswer of(DeliveryLog.Entry entry) {
        Delivery delivery = entry.delivery();
        Optional<Long> next = entry.status() == Delivery.Status.PENDING
                ? Optional.of(delivery.dueAt()).map(Instant::getEpochSecond)
                : Optional.empty();
        return new DeliveryAnswer(
                delivery.id(),
                "webhook_endpoint.delivery",
                delivery.type(),
                entry.status(),
                delivery.createdAt().getEpochSecond(),
                next,
                delivery.attempts().stream().map(Made::of).toList());
    }
}
