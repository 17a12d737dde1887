package dev.thunderhead.frontend.http;

import dev.thunderhead.frontend.request.EndpointRequestParser;
import dev.thunderhead.frontend.webhook.Endpoints;
import dev.thunderhead.frontend.webhook.SigningSecret;
import java.io.IOException;
import java.time.Clock;
import java.util.random.RandomGenerator;

/** {@code POST /v1/webhook_endpoints/{id}/rotate_secret}: {@code keep_old_secret_active_for_24_hours}. */
final class RotateWebhookSecret implements JsonAnswer.Action {
    private final EndpointRequestParser parser;
    private final Endpoints endpoints;
    private final Clock clock;
    private final RandomGenerator random;

    RotateWebhookSecret(EndpointRequestParser parser, Endpoints endpoints, Clock clock, RandomGenerator random) {
        this.parser = parser;
        this.endpoints = endpoints;
        this.clock = clock;
        this.random = random;
    }

    @Override
    public Object answer(Question question) throws IOException {
        String id = EndpointAnswer.find(endpoints, question).id();
        boolean overlapping = parser.keepsOldSecret(question.body());
        SigningSecret fresh = SigningSecret.create(random);
        return endpoints
                .change(question.account(), id, endpoint -> endpoint.rotated(fresh, overlapping, clock.instant()))
                .map(EndpointAnswer::withSecret)
                .orElseThrow(EndpointAnswer::unknown);
    }
}
