package dev.thunderhead.frontend.http;

import dev.thunderhead.frontend.request.CallbackUrls;
import dev.thunderhead.frontend.request.EndpointRequest;
import dev.thunderhead.frontend.request.EndpointRequestParser;
import dev.thunderhead.frontend.webhook.Endpoint;
import dev.thunderhead.frontend.webhook.Endpoints;
import java.io.IOException;
import java.time.Clock;

/** {@code POST /v1/webhook_endpoints/{id}}: changes what the body names, and leaves the rest. */
final class UpdateWebhookEndpoint implements JsonAnswer.Action {
    private final EndpointRequestParser parser;
    private final Endpoints endpoints;
    private final CallbackUrls urls;
    private final AccountTurns turns;
    private final Clock clock;

    UpdateWebhookEndpoint(
            EndpointRequestParser parser, Endpoints endpoints, CallbackUrls urls, AccountTurns turns, Clock clock) {
        this.parser = parser;
        this.endpoints = endpoints;
        this.urls = urls;
        this.turns = turns;
        this.clock = clock;
    }

    @Override
    public Object answer(Question question) throws Exception {
        Endpoint stands = EndpointAnswer.find(endpoints, question);
        EndpointRequest request = parser.update(question.body());
        return turns.take(question.account(), () -> update(question, stands, request));
    }

    private EndpointAnswer update(Question question, Endpoint stands, EndpointRequest request) throws IOException {
        request.url().ifPresent(url -> EndpointAnswer.requireReachable(urls, url));
        return endpoints
                .change(question.account(), stands.id(), endpoint -> changed(endpoint, request))
                .map(EndpointAnswer::of)
                .orElseThrow(EndpointAnswer::unknown);
    }

    private Endpoint changed(Endpoint endpoint, EndpointRequest request) {
        return endpoint.changed(
                request.name().orElse(endpoint.name()),
                request.url().orElse(endpoint.url()),
                request.types().orElse(endpoint.types()),
                request.includeData().orElse(endpoint.includeData()),
                request.enabled().orElse(endpoint.disabled().isEmpty()),
                clock.instant());
    }
}
