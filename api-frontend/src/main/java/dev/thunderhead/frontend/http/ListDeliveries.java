package dev.thunderhead.frontend.http;

import dev.thunderhead.frontend.listing.Page;
import dev.thunderhead.frontend.webhook.Delivery;
import dev.thunderhead.frontend.webhook.DeliveryLog;
import dev.thunderhead.frontend.webhook.Endpoints;
import dev.thunderhead.frontend.webhook.Target;
import java.io.IOException;
import java.util.List;

/**
 * {@code GET …/deliveries}, the newest first: those of an endpoint, or those that requests asked for themselves. A
 * delivery appears with its first attempt.
 */
final class ListDeliveries implements JsonAnswer.Action {
    private final Endpoints endpoints;
    private final DeliveryLog log;

    ListDeliveries(Endpoints endpoints, DeliveryLog log) {
        this.endpoints = endpoints;
        this.log = log;
    }

    @Override
    public Object answer(Question question) throws IOException {
        String folder = folder(endpoints, question);
        ListQuery query = ListQuery.of(question.query());
        query.requireNewestFirst();
        if (query.after().isPresent() && !Delivery.isId(query.after().get())) {
            throw Page.unknownCursor();
        }
        List<DeliveryAnswer> found = log.list(question.account(), folder, query.after(), query.limit() + 1).stream()
                .map(DeliveryAnswer::of)
                .toList();
        return ListPage.of(found, query.limit(), DeliveryAnswer::id);
    }

    /** Where the deliveries lie that the path is about. */
    static String folder(Endpoints endpoints, Question question) throws IOException {
        return question.part(WebhookRoutes.ENDPOINT).isPresent()
                ? EndpointAnswer.find(endpoints, question).id()
                : Target.REQUESTS;
    }
}
