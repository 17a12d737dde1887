package dev.thunderhead.frontend.http;

import dev.thunderhead.frontend.webhook.Endpoints;
import java.io.IOException;

/** {@code DELETE /v1/webhook_endpoints/{id}}: it is not called any more, also for what has happened before. */
final class DeleteWebhookEndpoint implements JsonAnswer.Action {
    private final Endpoints endpoints;

    private record Deleted(String id, String object, boolean deleted) {}

    DeleteWebhookEndpoint(Endpoints endpoints) {
        this.endpoints = endpoints;
    }

    @Override
    public Object answer(Question question) throws IOException {
        String id = EndpointAnswer.id(question);
        if (!endpoints.remove(question.account(), id)) {
            throw EndpointAnswer.unknown();
        }
        return new Deleted(id, "webhook_endpoint.deleted", true);
    }
}
