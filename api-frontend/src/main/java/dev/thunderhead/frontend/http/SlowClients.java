package dev.thunderhead.frontend.http;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Hangs up on clients that take too long to ask; how long they wait for an answer is no concern of it. Belongs to one
 * event loop.
 */
final class SlowClients implements Handler<RoutingContext> {
    private static final int REQUEST_TIMEOUT = 408;
    private static final String BODY_TIMER = SlowClients.class.getName();

    private final Vertx vertx;
    private final Patience patience;
    private final Map<HttpConnection, Long> timers = new HashMap<>();

    /**
     * How long a client may take.
     *
     * @param head from the connection to the end of its first request's headers
     * @param body for each request's body
     * @param idle from an answer to the end of the next request's headers
     */
    record Patience(Duration head, Duration body, Duration idle) {
        static final Patience USUAL =
                new Patience(Duration.ofSeconds(15), Duration.ofSeconds(15), Duration.ofSeconds(75));
    }

    SlowClients(Vertx vertx, Patience patience) {
        this.vertx = vertx;
        this.patience = patience;
    }

    /** Expects a first request. */
    void connected(HttpConnection connection) {
        connection.closeHandler(closed -> disarm(connection));
        arm(connection, patience.head());
    }

    private void arm(HttpConnection connection, Duration time) {
        disarm(connection);
        timers.put(connection, vertx.setTimer(time.toMillis(), fired -> hangUp(connection)));
    }

    private void hangUp(HttpConnection connection) {
        timers.remove(connection);
        connection.close();
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
        long bodyTimer = vertx.setTimer(patience.body().toMillis(), fired -> giveUp(context));
        context.put(BODY_TIMER, bodyTimer);
        context.request().end().onComplete(complete -> vertx.cancelTimer(bodyTimer));
        context.addEndHandler(answered -> {
            if (answered.succeeded()) {
                arm(connection, patience.idle());
            }
        });
        context.next();
    }

    /** Leaves it to others for how long this request's body may come. */
    static void leaveBody(RoutingContext context) {
        Long timer = context.remove(BODY_TIMER);
        if (timer != null) {
            context.vertx().cancelTimer(timer);
        }
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
