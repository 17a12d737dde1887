package dev.thunderhead.frontend.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.thunderhead.frontend.error.ApiError;
import dev.thunderhead.frontend.error.ErrorKind;
import dev.thunderhead.frontend.request.EndpointRequestParser;
import dev.thunderhead.frontend.webhook.Attempt;
import dev.thunderhead.frontend.webhook.Caller;
import dev.thunderhead.frontend.webhook.Endpoint;
import dev.thunderhead.frontend.webhook.Endpoints;
import dev.thunderhead.job.CallbackEvent;
import java.time.Clock;
import java.util.random.RandomGenerator;

/** {@code POST /v1/webhook_endpoints/{id}/test}: one call with a sample of {@code event_type}, and what came of it. */
final class TestWebhookEndpoint implements JsonAnswer.Action {
    private final EndpointRequestParser parser;
    private final Endpoints endpoints;
    private final Caller caller;
    private final AccountTurns turns;
    private final Clock clock;
    private final RandomGenerator random;

    private record Tested(
            String object,
            @JsonProperty("webhook_endpoint_id") String endpoint,
            @JsonProperty("event_type") String eventType,
            boolean success,
            @JsonProperty("status_code") int statusCode) {}

    TestWebhookEndpoint(
            EndpointRequestParser parser,
            Endpoints endpoints,
            Caller caller,
            AccountTurns turns,
            Clock clock,
            RandomGenerator random) {
        this.parser = parser;
        this.endpoints = endpoints;
        this.caller = caller;
        this.turns = turns;
        this.clock = clock;
        this.random = random;
    }

    @Override
    public Object answer(Question question) throws Exception {
        Endpoint endpoint = EndpointAnswer.find(endpoints, question);
        CallbackEvent event = parser.testedEvent(question.body());
        return turns.take(question.account(), () -> test(endpoint, event));
    }

    private Tested test(Endpoint endpoint, CallbackEvent event) throws InterruptedException {
        Attempt attempt =
                caller.sample(endpoint, event, clock.instant(), random).attempt();
        int status = attempt.status()
                .orElseThrow(() -> ApiError.of(
                                ErrorKind.INVALID_REQUEST,
                                "webhook_endpoint_unreachable",
                                "the endpoint did not answer: "
                                        + attempt.error().orElse("unknown"))
                        .asException());
        return new Tested("webhook_endpoint.test", endpoint.id(), event.type(), true, status);
    }
}
