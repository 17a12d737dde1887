package dev.thunderhead.frontend.http;

import dev.thunderhead.frontend.intake.IdempotencyKeys;
import dev.thunderhead.frontend.request.EndpointRequestParser;
import dev.thunderhead.frontend.webhook.Caller;
import dev.thunderhead.frontend.webhook.DefaultSecrets;
import dev.thunderhead.frontend.webhook.DeliveryJournal;
import dev.thunderhead.frontend.webhook.DeliveryLog;
import dev.thunderhead.frontend.webhook.Destinations;
import dev.thunderhead.frontend.webhook.Endpoints;
import io.vertx.ext.web.Router;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * The endpoints about webhooks: OpenAI's {@code /v1/webhook_endpoints}, with deliveries besides, and
 * {@code /v1/webhooks/default} for the callbacks that requests name themselves.
 */
public final class WebhookRoutes {
    /** The variable parts of the paths. */
    static final String ENDPOINT = "endpoint";

    static final String DELIVERY = "delivery";

    private static final String ENDPOINTS = "/v1/webhook_endpoints";
    private static final String ONE = ENDPOINTS + "/:" + ENDPOINT;
    private static final String EVENT_TYPES = "/v1/webhook_event_types";
    private static final String DEFAULT = "/v1/webhooks/default";
    private static final String REDELIVER = "/deliveries/:" + DELIVERY + "/redeliver";
    private static final Set<String> NAMES = Set.of(
            ENDPOINTS,
            ENDPOINTS + "/{id}",
            ENDPOINTS + "/{id}/rotate_secret",
            ENDPOINTS + "/{id}/test",
            ENDPOINTS + "/{id}/deliveries",
            ENDPOINTS + "/{id}/deliveries/{id}/redeliver",
            EVENT_TYPES,
            DEFAULT + "/secret",
            DEFAULT + "/deliveries",
            DEFAULT + "/deliveries/{id}/redeliver");

    private final Parts parts;
    private final IdempotencyKeys keys;
    private final BlockingWork blocking;
    private final Clock clock;
    private final RandomGenerator random;

    /** What the endpoints are about. */
    public record Parts(
            Endpoints endpoints,
            DefaultSecrets defaults,
            DeliveryLog log,
            DeliveryJournal journal,
            Destinations destinations,
            Caller caller) {}

    /** @param random thread-safe and not to be guessed */
    WebhookRoutes(Parts parts, IdempotencyKeys keys, BlockingWork blocking, Clock clock, RandomGenerator random) {
        this.parts = parts;
        this.keys = keys;
        this.blocking = blocking;
        this.clock = clock;
        this.random = random;
    }

    /** Adds the routes; whoever asks there has been authenticated before. */
    void mount(Router router) {
        JsonRoutes routes = new JsonRoutes(router, blocking);
        EndpointRequestParser parser = new EndpointRequestParser(parts.destinations());
        AccountTurns turns = AccountTurns.few("too_many_webhook_requests", "webhook requests that reach out");
        Endpoints endpoints = parts.endpoints();
        routes.post(
                ENDPOINTS,
                new CreateWebhookEndpoint(parser, endpoints, parts.destinations(), keys, turns, clock, random));
        routes.get(ENDPOINTS, new ListWebhookEndpoints(endpoints));
        routes.get(ONE, question -> EndpointAnswer.of(EndpointAnswer.find(endpoints, question)));
        routes.post(ONE, new UpdateWebhookEndpoint(parser, endpoints, parts.destinations(), turns, clock));
        routes.delete(ONE, new DeleteWebhookEndpoint(endpoints));
        routes.post(ONE + "/rotate_secret", new RotateWebhookSecret(parser, endpoints, clock, random));
        routes.post(ONE + "/test", new TestWebhookEndpoint(parser, endpoints, parts.caller(), turns, clock, random));
        routes.get(EVENT_TYPES, question -> Map.of("object", "list", "data", EndpointRequestParser.eventTypes()));

        ListDeliveries list = new ListDeliveries(endpoints, parts.log());
        RedeliverWebhook redeliver = new RedeliverWebhook(endpoints, parts.log(), parts.journal(), clock);
        routes.get(ONE + "/deliveries", list);
        routes.post(ONE + REDELIVER, redeliver);
        routes.get(DEFAULT + "/deliveries", list);
        routes.post(DEFAULT + REDELIVER, redeliver);
        routes.get(
                DEFAULT + "/secret",
                question ->
                        Map.of("key", parts.defaults().of(question.account()).key()));
    }

    /** A path without what varies in it, for metrics and logs; {@code other} if it is none of these. */
    static String nameOf(String path) {
        String name = path.replaceAll("/(we|msg)_[^/]*", "/{id}");
        return NAMES.contains(name) ? name : "other";
    }
}
