package dev.thunderhead.frontend.http;

import dev.thunderhead.frontend.error.ApiError;
import dev.thunderhead.frontend.intake.IdempotencyKeys;
import dev.thunderhead.frontend.request.CallbackUrls;
import dev.thunderhead.frontend.request.EndpointRequest;
import dev.thunderhead.frontend.request.EndpointRequestParser;
import dev.thunderhead.frontend.webhook.Endpoint;
import dev.thunderhead.frontend.webhook.Endpoints;
import dev.thunderhead.frontend.webhook.SigningSecret;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** {@code POST /v1/webhook_endpoints}: {@code name}, {@code url}, {@code event_types}; answers with the signing secret. */
final class CreateWebhookEndpoint implements JsonAnswer.Action {
    private static final int ID_BYTES = 16;

    private final EndpointRequestParser parser;
    private final Endpoints endpoints;
    private final CallbackUrls urls;
    private final IdempotencyKeys keys;
    private final AccountTurns turns;
    private final Clock clock;
    private final RandomGenerator random;

    CreateWebhookEndpoint(
            EndpointRequestParser parser,
            Endpoints endpoints,
            CallbackUrls urls,
            IdempotencyKeys keys,
            AccountTurns turns,
            Clock clock,
            RandomGenerator random) {
        this.parser = parser;
        this.endpoints = endpoints;
        this.urls = urls;
        this.keys = keys;
        this.turns = turns;
        this.clock = clock;
        this.random = random;
    }

    @Override
    public Object answer(Question question) throws Exception {
        EndpointRequest request = parser.create(question.body());
        return turns.take(question.account(), () -> create(question, request));
    }

    private EndpointAnswer create(Question question, EndpointRequest request) throws IOException {
        Endpoint endpoint = endpoint(id(question), request);
        EndpointAnswer.requireReachable(urls, endpoint.url());
        return endpoints
                .register(question.account(), endpoint)
                .map(EndpointAnswer::withSecret)
                .orElseThrow(() -> ApiError.invalid(
                                null, "an account has at most " + Endpoints.MOST + " webhook endpoints; delete one")
                        .asException());
    }

    /** A new id, or the one that the same request was given before under its idempotency key. */
    private String id(Question question) throws IOException {
        byte[] drawn = new byte[ID_BYTES];
        random.nextBytes(drawn);
        String fresh = "we_" + HexFormat.of().formatHex(drawn);
        if (question.idempotencyKey().isEmpty()) {
            return fresh;
        }
        IdempotencyKeys.Entry entry = keys.claim(
                question.account(),
                question.idempotencyKey().get(),
                new IdempotencyKeys.Entry(question.fingerprint(), fresh, 0, clock.instant(), clock.instant()));
        entry.requireSame(question.fingerprint());
        return entry.resource();
    }

    private Endpoint endpoint(String id, EndpointRequest request) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return new Endpoint(
                id,
                request.name().orElseThrow(),
                request.url().orElseThrow(),
                request.types().orElseThrow(),
                request.includeData().orElse(false),
                now,
                now,
                List.of(SigningSecret.create(random)),
                Optional.empty(),
                request.enabled().orElse(true) ? Optional.empty() : Optional.of(Endpoint.Disabled.BY_OWNER));
    }
}
