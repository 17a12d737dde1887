package dev.thunderhead.frontend.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SlowClientsTest {
    private final Vertx vertx = Vertx.vertx();
    private int port;

    @BeforeEach
    void listen() throws Exception {
        SlowClients slowClients = new SlowClients(
                vertx,
                new SlowClients.Patience(Duration.ofMillis(300), Duration.ofMillis(300), Duration.ofMillis(300)));
        Router router = Router.router(vertx);
        router.errorHandler(
                408, context -> context.response().setStatusCode(408).end());
        router.route().handler(slowClients);
        router.route().handler(BodyHandler.create(false));
        // Longer than any patience, since waiting for an answer is no fault of the client's.
        router.route().handler(context -> vertx.setTimer(900, done -> context.end("answer")));
        HttpServer server = vertx.createHttpServer(new HttpServerOptions().setHttp2ClearTextEnabled(false))
                .connectionHandler(slowClients::connected)
                .requestHandler(router)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        port = server.actualPort();
    }

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    /** Sends the text and reads until the server hangs up. */
    private String answerTo(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void aHeadThatDoesNotEndIsHungUpOn() throws Exception {
        assertThat(answerTo("GET / HTTP/1.1\r\nhost:")).isEmpty();
        assertThat(answerTo("")).isEmpty();
    }

    @Test
    void aBodyThatDoesNotEndIsTimedOut() throws Exception {
        assertThat(answerTo("POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\nhalf"))
                .startsWith("HTTP/1.1 408");
    }

    @Test
    void whoWaitsForAnAnswerIsLeftInPeaceAndLaterHungUpOn() throws Exception {
        assertThat(answerTo("GET / HTTP/1.1\r\nhost: x\r\n\r\n"))
                .startsWith("HTTP/1.1 200")
                .endsWith("answer");
    }
}
