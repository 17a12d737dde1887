package dev.thunderhead.frontend.http;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Hangs up on clients that take too long to ask; how long they wait for an answer is no concern of it. A connection has
 * {@link #HEAD} until its first request's headers are complete, {@link #BODY} for each body, and {@link #IDLE} from one
 * answer to the next request's headers. Belongs to one event loop.
 */
final class SlowClients implements Handler<RoutingContext> {
    private static final Duration HEAD = Duration.ofSeconds(15);
    private static final Duration BODY = Duration.ofSeconds(15);
    private static final Duration IDLE = Duration.ofSeconds(75);
    private static final int REQUEST_TIMEOUT = 408;

    private final Vertx vertx;
    private final Map<HttpConnection, Long> timers = new HashMap<>();

    SlowClients(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Expects a first request. */
    void connected(HttpConnection connection) {
        connection.closeHandler(closed -> disarm(connection));
        arm(connection, HEAD);
    }

    private void arm(HttpConnection connection, Duration patience) {
        disarm(connection);
        timers.put(connection, vertx.setTimer(patience.toMillis(), fired -> connection.close()));
    }

    private void disarm(HttpConnection connection) {
        Long timer = timers.remove(connection);
        if (timer != null) {
            vertx.cancelTimer(timer);
        }
    }

    /** Expects the rest of this request, and the next one after the answer. */
    @Override
    public void handle(RoutingContext context) {
        HttpConnection connection = context.request().connection();
        disarm(connection);
        long bodyTimer = vertx.setTimer(BODY.toMillis(), fired -> giveUp(context));
        context.request().end().onComplete(complete -> vertx.cancelTimer(bodyTimer));
        context.addEndHandler(answered -> {
            if (answered.succeeded()) {
                arm(connection, IDLE);
            }
        });
        context.next();
    }

    private static void giveUp(RoutingContext context) {
        if (context.response().ended()) {
            context.request().connection().close();
            return;
        }
        context.response().putHeader("connection", "close");
        context.fail(REQUEST_TIMEOUT);
    }
}
