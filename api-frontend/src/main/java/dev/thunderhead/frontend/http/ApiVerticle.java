package dev.thunderhead.frontend.http;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Listens, and passes requests to the routes. */
public final class ApiVerticle extends VerticleBase {
    private static final int MAX_REQUEST_LINE = 4096;
    private static final int MAX_HEADERS = 16 * 1024;
    /** Only against clients that stop reading an answer: longer than any of them may wait for one. */
    private static final Duration STALLED = Duration.ofMinutes(2);

    private final HttpSettings settings;
    private final Duration maxWait;
    private final ApiRoutes.Endpoints endpoints;
    private final IntConsumer listening;
    private @Nullable HttpServer server;

    /**
     * @param maxWait the longest that a request waits for its answer
     * @param listening is told the port before the first request is taken
     */
    ApiVerticle(HttpSettings settings, Duration maxWait, ApiRoutes.Endpoints endpoints, IntConsumer listening) {
        this.settings = settings;
        this.maxWait = maxWait;
        this.endpoints = endpoints;
        this.listening = listening;
    }

    @Override
    public Future<?> start() {
        // Without HTTP/2 a connection is one from its first byte on, so that the slow ones are seen.
        HttpServerOptions options = new HttpServerOptions()
                .setHost(settings.host())
                .setPort(settings.port())
                .setHttp2ClearTextEnabled(false)
                // There are no web sockets, and no reason to look for them in every message.
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setMaxInitialLineLength(MAX_REQUEST_LINE)
                .setMaxHeaderSize(MAX_HEADERS)
                .setHandle100ContinueAutomatically(true)
                .setTcpKeepAlive(true)
                .setIdleTimeoutUnit(TimeUnit.SECONDS)
                .setIdleTimeout((int) maxWait.plus(STALLED).toSeconds());
        SlowClients slowClients = new SlowClients(vertx, SlowClients.Patience.USUAL);
        HttpServer created = vertx.createHttpServer(options)
                .connectionHandler(slowClients::connected)
                .invalidRequestHandler(ErrorResponder::malformed)
                .requestHandler(ApiRoutes.router(vertx, slowClients, endpoints));
        server = created;
        return created.listen().onSuccess(open -> listening.accept(open.actualPort()));
    }

    /** Takes no more requests, and lets those in flight finish until {@code patience} is over. */
    Future<Void> drain(Duration patience) {
        return Objects.requireNonNull(server, "drained only when deployed").shutdown(patience);
    }
}
