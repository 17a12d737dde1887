package dev.thunderhead.frontend.http;

import dev.thunderhead.frontend.account.Allowance;
import dev.thunderhead.frontend.account.RateLimiter;
import dev.thunderhead.frontend.metrics.FrontendMetrics;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What every request gets, whatever becomes of it: an id, the headers that OpenAI's answers carry, a line in the log,
 * and a place in the metrics. The first handler of all.
 */
final class Envelope implements Handler<RoutingContext> {
    private static final Logger LOG = LoggerFactory.getLogger(Envelope.class);
    private static final int ID_BYTES = 16;
    private static final Pattern RESOURCE = Pattern.compile(
            "(/v1/(?:models|jobs|files|batches))(?:(/.+?)(/cancel|/events|/content|/results|/retry_failed)?)?");

    private final RateLimiter limiter;
    private final FrontendMetrics metrics;
    private final RandomGenerator random;

    Envelope(RateLimiter limiter, FrontendMetrics metrics, RandomGenerator random) {
        this.limiter = limiter;
        this.metrics = metrics;
        this.random = random;
    }

    @Override
    public void handle(RoutingContext context) {
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        Exchange exchange = Exchange.begin(context, "req_" + HexFormat.of().formatHex(id), System.nanoTime());
        metrics.requestBegun();
        context.addHeadersEndHandler(done -> addHeaders(context, exchange));
        context.addEndHandler(done -> end(context, exchange));
        context.next();
    }

    private void addHeaders(RoutingContext context, Exchange exchange) {
        MultiMap headers = context.response().headers();
        headers.set("x-request-id", exchange.requestId());
        headers.set("openai-processing-ms", Long.toString(exchange.elapsed() / 1_000_000));
        exchange.caller().ifPresent(key -> {
            Allowance.State state = limiter.state(key);
            headers.set("x-ratelimit-limit-requests", Integer.toString(state.limit()));
            headers.set("x-ratelimit-remaining-requests", Integer.toString(state.remaining()));
            headers.set("x-ratelimit-reset-requests", span(state.reset()));
        });
    }

    /** A time span in OpenAI's form, for example {@code 1m0s}, {@code 1.5s} or {@code 100ms}. */
    static String span(Duration span) {
        if (span.toMinutes() > 0) {
            return span.toMinutes() + "m" + span.toSecondsPart() + "s";
        }
        if (span.toSeconds() > 0) {
            return (span.toMillis() % 1000 == 0 ? "" + span.toSeconds() : "" + span.toMillis() / 1000.0) + "s";
        }
        return span.toMillis() + "ms";
    }

    private void end(RoutingContext context, Exchange exchange) {
        String route = route(String.valueOf(context.request().path()));
        String method = method(context.request().method().name());
        int status = context.response().getStatusCode();
        metrics.requestEnded(route, method, status, exchange.elapsed());
        LOG.info(
                "event=request id={} method={} route={} status={} millis={} account={}",
                exchange.requestId(),
                method,
                route,
                status,
                exchange.elapsed() / 1_000_000,
                exchange.caller().map(key -> key.account().id()).orElse("-"));
    }

    // A few names, since each makes a time series; and a media address is a secret that does not belong into a log.
    private static String route(String path) {
        if (path.startsWith(ApiRoutes.MEDIA)) {
            return ApiRoutes.MEDIA + "{token}";
        }
        Matcher resource = RESOURCE.matcher(path);
        if (resource.matches()) {
            String action = resource.group(3);
            return resource.group(1) + (resource.group(2) == null ? "" : "/{id}") + (action == null ? "" : action);
        }
        return path.equals(ApiRoutes.GENERATIONS) ? path : WebhookRoutes.nameOf(path);
    }

    private static String method(String name) {
        return switch (name) {
            case "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH" -> name;
            default -> "other";
        };
    }
}
