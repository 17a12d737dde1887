package dev.thunderhead.frontend.http;

import dev.thunderhead.frontend.intake.IdempotencyKeys;
import dev.thunderhead.frontend.request.EndpointRequestParser;
import dev.thunderhead.frontend.webhook.Caller;
import dev.thunderhead.frontend.webhook.DefaultSecrets;
import dev.thunderhead.frontend.webhook.DeliveryJournal;
import dev.thunderhead.frontend.webhook.DeliveryLog;
import dev.thunderhead.frontend.webhook.Destinations;
import dev.thunderhead.frontend.webhook.Endpoints;
import io.vertx.ext.web.Route;
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
    private final ErrorResponder errors = new ErrorResponder();

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
        EndpointRequestParser parser = new EndpointRequestParser(parts.destinations());
        AccountTurns turns = new AccountTurns();
        Endpoints endpoints = parts.endpoints();
        post(
                router,
                ENDPOINTS,
                new CreateWebhookEndpoint(parser, endpoints, parts.destinations(), keys, turns, clock, random));
        get(router, ENDPOINTS, new ListWebhookEndpoints(endpoints));
        get(router, ONE, question -> EndpointAnswer.of(EndpointAnswer.find(endpoints, question)));
        post(router, ONE, new UpdateWebhookEndpoint(parser, endpoints, parts.destinations(), turns, clock));
        answer(router.delete(ONE), new DeleteWebhookEndpoint(endpoints));
        post(router, ONE + "/rotate_secret", new RotateWebhookSecret(parser, endpoints, clock, random));
        post(router, ONE + "/test", new TestWebhookEndpoint(parser, endpoints, parts.caller(), turns, clock, random));
        get(router, EVENT_TYPES, question -> Map.of("object", "list", "data", EndpointRequestParser.eventTypes()));

        ListDeliveries list = new ListDeliveries(endpoints, parts.log());
        RedeliverWebhook redeliver = new RedeliverWebhook(endpoints, parts.log(), parts.journal(), clock);
        get(router, ONE + "/deliveries", list);
        post(router, ONE + REDELIVER, redeliver);
        get(router, DEFAULT + "/deliveries", list);
        post(router, DEFAULT + REDELIVER, redeliver);
        get(
                router,
                DEFAULT + "/secret",
                question ->
                        Map.of("key", parts.defaults().of(question.account()).key()));
    }

    private void get(Router router, String path, JsonAnswer.Action action) {
        answer(router.get(path), action);
    }

    // Three routes, since Vert.x wants a body handler to be the first of its route.
    private void post(Router router, String path, JsonAnswer.Action action) {
        router.post(path).handler(ApiRoutes::requireJson).failureHandler(errors);
        router.post(path).handler(ApiRoutes.json()).failureHandler(errors);
        answer(router.post(path), action);
    }

    private void answer(Route route, JsonAnswer.Action action) {
        route.handler(new JsonAnswer(action, blocking)).failureHandler(errors);
    }

    /** A path without what varies in it, for metrics and logs; {@code other} if it is none of these. */
    static String nameOf(String path) {
        String name = path.replaceAll("/(we|msg)_[^/]*", "/{id}");
        return NAMES.contains(name) ? name : "other";
    }
}
