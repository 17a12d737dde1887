package dev.thunderhead.frontend.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EventStreamTest {
    private static final int BUFFER = 256 * 1024;
    private static final String LARGE = "x".repeat(100_000);

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    /** Serves one stream, and says at which port. */
    private int serve(Duration beat, Consumer<EventStream> use, Consumer<RoutingContext> ended) throws Exception {
        Router router = Router.router(vertx);
        router.route().handler(context -> {
            context.addEndHandler(done -> ended.accept(context));
            use.accept(EventStream.open(context, new EventStream.Limits(beat, BUFFER)));
        });
        HttpServer server = vertx.createHttpServer(new HttpServerOptions().setHttp2ClearTextEnabled(false))
                .requestHandler(router)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        return server.actualPort();
    }

    private static Socket request(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write("GET / HTTP/1.1\r\nhost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static SseEvent event(String data) {
        return new SseEvent(Optional.of("test"), Optional.empty(), data);
    }

    @Test
    void aSilentStreamSaysThatItLivesAndEndsWhenItIsEnded() throws Exception {
        AtomicInteger beats = new AtomicInteger();
        int port = serve(
                Duration.ofMillis(50),
                stream -> stream.eachBeat(() -> {
                    if (beats.incrementAndGet() == 3) {
                        stream.send(event("last"));
                        stream.end();
                    }
                }),
                done -> {});
        try (Socket socket = request(port)) {
            String answer = read(socket, "0\r\n\r\n");
            assertThat(answer)
                    .contains("content-type: text/event-stream; charset=utf-8")
                    .contains("cache-control: no-store")
                    .contains(": keep-alive\n\n")
                    .contains("event: test\ndata: last\n\n");
        }
        Thread.sleep(200);
        assertThat(beats).hasValue(3);
    }

    private static String read(Socket socket, String until) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf(until) < 0) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                throw new AssertionError("ended too soon: " + text);
            }
            text.append((char) next);
        }
        return text.toString();
    }

    @Test
    void aClientThatDoesNotReadIsHungUpOnBeforeItsEventsFillTheMemory() throws Exception {
        AtomicInteger accepted = new AtomicInteger();
        AtomicBoolean over = new AtomicBoolean();
        int port = serve(
                Duration.ofMinutes(1),
                stream -> vertx.setPeriodic(1, tick -> {
                    if (stream.isOpen()) {
                        accepted.incrementAndGet();
                        stream.send(event(LARGE));
                    } else {
                        vertx.cancelTimer(tick);
                    }
                }),
                done -> over.set(true));
        try (Socket silent = request(port)) {
            await().atMost(Duration.ofSeconds(30)).untilTrue(over);
            assertThat(silent.isConnected()).isTrue();
        }
        // What the sockets hold, and the buffer.
        assertThat(accepted.get() * (long) LARGE.length()).isLessThan(64L * 1024 * 1024);
    }

    @Test
    void aClientThatTakesNothingForTwoBeatsIsHungUpOn() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        int port =
                serve(Duration.ofMillis(500), stream -> stream.send(event(LARGE.repeat(200))), done -> over.set(true));
        try (Socket silent = request(port)) {
            await().atMost(Duration.ofSeconds(30)).untilTrue(over);
            assertThat(silent.isConnected()).isTrue();
        }
    }

    @Test
    void whatMayBeLostIsLeftOutForAClientThatDoesNotReadAndTheRestComes() throws Exception {
        int offers = 2_000;
        int port = serve(
                Duration.ofMinutes(1),
                stream -> {
                    for (int i = 0; i < offers; i++) {
                        stream.offer(event(LARGE));
                    }
                    // By then it reads.
                    vertx.setTimer(1_500, later -> stream.send(event("the last one")));
                },
                done -> {});
        try (Socket late = request(port)) {
            Thread.sleep(500);
            String answer = read(late, "data: the last one");
            assertThat(answer.split("event: test").length).isLessThan(offers / 2);
        }
    }

    @Test
    void aLargeEventReachesAClientThatReadsSlowly() throws Exception {
        int port = serve(
                Duration.ofSeconds(1),
                stream -> stream.send(event(LARGE.repeat(200))).onSuccess(done -> stream.end()),
                done -> {});
        try (Socket slow = request(port)) {
            byte[] portion = new byte[128 * 1024];
            long read = 0;
            for (int n = slow.getInputStream().read(portion);
                    n > 0;
                    n = slow.getInputStream().read(portion)) {
                read += n;
                Thread.sleep(5);
                if (read > 200L * LARGE.length()) {
                    break;
                }
            }
            assertThat(read).isGreaterThan(200L * LARGE.length());
        }
    }
}
