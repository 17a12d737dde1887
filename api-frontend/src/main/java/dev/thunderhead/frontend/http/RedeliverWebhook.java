package dev.thunderhead.frontend.http;

import dev.thunderhead.frontend.error.ApiError;
import dev.thunderhead.frontend.error.ApiException;
import dev.thunderhead.frontend.error.ErrorKind;
import dev.thunderhead.frontend.webhook.Delivery;
import dev.thunderhead.frontend.webhook.DeliveryJournal;
import dev.thunderhead.frontend.webhook.DeliveryLog;
import dev.thunderhead.frontend.webhook.Endpoint;
import dev.thunderhead.frontend.webhook.Endpoints;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * {@code POST …/deliveries/{id}/redeliver}: makes the call again, with the same id and payload and the whole schedule
 * before it.
 */
final class RedeliverWebhook implements JsonAnswer.Action {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration SOON = Duration.ofSeconds(5);

    private final Endpoints endpoints;
    private final DeliveryLog log;
    private final DeliveryJournal journal;
    private final Clock clock;

    RedeliverWebhook(Endpoints endpoints, DeliveryLog log, DeliveryJournal journal, Clock clock) {
        this.endpoints = endpoints;
        this.log = log;
        this.journal = journal;
        this.clock = clock;
    }

    @Override
    public Object answer(Question question) throws IOException, InterruptedException {
        String folder = ListDeliveries.folder(endpoints, question);
        String id = question.part(WebhookRoutes.DELIVERY).orElseThrow();
        DeliveryLog.Entry entry = find(question, folder, id).orElseThrow(RedeliverWebhook::unknown);
        if (entry.status() == Delivery.Status.PENDING) {
            throw conflict("the delivery is still being tried");
        }
        Optional<Endpoint> endpoint = endpoints.find(question.account(), folder);
        if (endpoint.isPresent() && endpoint.get().disabled().isPresent()) {
            throw conflict("the endpoint is disabled; enable it first");
        }
        Delivery again = entry.delivery().again(clock.instant());
        plan(again);
        return DeliveryAnswer.of(new DeliveryLog.Entry(Delivery.Status.PENDING, again));
    }

    private Optional<DeliveryLog.Entry> find(Question question, String folder, String id) throws IOException {
        return Delivery.isId(id) ? log.find(question.account(), folder, id) : Optional.empty();
    }

    private void plan(Delivery delivery) throws InterruptedException {
        try {
            journal.plan(delivery).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException problem) {
            throw ApiError.unavailable("queue_unavailable", "the queue cannot be reached; try again shortly", SOON)
                    .asException();
        }
    }

    private static ApiException unknown() {
        return ApiError.of(ErrorKind.NOT_FOUND, "webhook_delivery_not_found", "there is no such delivery")
                .asException();
    }

    private static ApiException conflict(String message) {
        return ApiError.of(ErrorKind.CONFLICT, "webhook_delivery_not_over", message)
                .withoutRetry()
                .asException();
    }
}
