package dev.thunderhead.frontend.http;

import dev.thunderhead.frontend.listing.Page;
import dev.thunderhead.frontend.webhook.Endpoint;
import dev.thunderhead.frontend.webhook.Endpoints;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** {@code GET /v1/webhook_endpoints}: {@code after}, {@code limit}, {@code order}. */
final class ListWebhookEndpoints implements JsonAnswer.Action {
    private final Endpoints endpoints;

    ListWebhookEndpoints(Endpoints endpoints) {
        this.endpoints = endpoints;
    }

    @Override
    public Object answer(Question question) throws IOException {
        ListQuery query = ListQuery.of(question.query());
        List<Endpoint> all = new ArrayList<>(endpoints.of(question.account()));
        if (query.ascending()) {
            Collections.reverse(all);
        }
        List<EndpointAnswer> behind = all.subList(begin(query, all), all.size()).stream()
                .map(EndpointAnswer::of)
                .toList();
        return ListPage.of(behind, query.limit(), EndpointAnswer::id);
    }

    private static int begin(ListQuery query, List<Endpoint> all) {
        if (query.after().isEmpty()) {
            return 0;
        }
        int cursor =
                all.stream().map(Endpoint::id).toList().indexOf(query.after().get());
        if (cursor < 0) {
            throw Page.unknownCursor();
        }
        return cursor + 1;
    }
}
