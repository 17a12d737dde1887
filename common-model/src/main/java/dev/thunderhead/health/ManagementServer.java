package dev.thunderhead.health;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.thunderhead.wire.Json;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Serves {@code /healthz} (503 once a part has died), {@code /readyz} (503 until every part is ready) and
 * {@code /metrics} (Prometheus text). It runs on threads of its own, so that it answers also when the service is
 * saturated.
 */
public final class ManagementServer implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads;

    private ManagementServer(HttpServer server, ExecutorService threads) {
        this.server = server;
        this.threads = threads;
    }

    /**
     * Starts serving.
     *
     * @param port 0 for any free one
     * @param metrics gives the current values in Prometheus' text form
     * @throws IOException when the port is taken; the message names it
     */
    public static ManagementServer start(String host, int port, Readiness readiness, Supplier<String> metrics)
            throws IOException {
        HttpServer server;
        try {
            server = HttpServer.create(new InetSocketAddress(host, port), 0);
        } catch (BindException problem) {
            throw new IOException("port " + port + " is taken; set THUNDERHEAD_MANAGEMENT_PORT to another", problem);
        }
        server.createContext("/healthz", exchange -> answer(exchange, readiness.isAlive(), readiness.problems()));
        server.createContext("/readyz", exchange -> answer(exchange, readiness.isReady(), readiness.problems()));
        server.createContext(
                "/metrics", exchange -> send(exchange, 200, "text/plain; version=0.0.4; charset=utf-8", metrics.get()));
        ExecutorService threads = Executors.newFixedThreadPool(2, task -> {
            Thread thread = new Thread(task, "management");
            thread.setDaemon(true);
            return thread;
        });
        server.setExecutor(threads);
        server.start();
        return new ManagementServer(server, threads);
    }

    /** The port that it listens on. */
    public int port() {
        return server.getAddress().getPort();
    }

    private static void answer(HttpExchange exchange, boolean good, Map<String, String> problems) throws IOException {
        String body = Json.text(Map.of("status", good ? "ok" : "unavailable", "problems", problems));
        send(exchange, good ? 200 : 503, "application/json", body);
    }

    private static void send(HttpExchange exchange, int status, String mediaType, String body) throws IOException {
        try (exchange) {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", mediaType);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
