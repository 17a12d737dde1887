package dev.thunderhead.frontend.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thunderhead.frontend.error.ApiException;
import dev.thunderhead.frontend.request.FileFormReader;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Clients and stores that take their time. */
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class FileUploadTest {
    private static final String BEGIN = """
            --b
            Content-Disposition: form-data; name="purpose"

            batch
            --b
            Content-Disposition: form-data; name="file"; filename="a"

            """.replace("\n", "\r\n");
    private static final String END = "\r\n--b--\r\n";
    private static final int LARGEST = 1 << 20;
    /** How much must come in each period. */
    private static final int LEAST = 1_000;

    private final Vertx vertx = Vertx.vertx();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CompletableFuture<String> ended = new CompletableFuture<>();
    private volatile boolean readsNothing;
    private volatile boolean crowded;
    private int port;

    @BeforeEach
    void listen() throws Exception {
        SlowClients slowClients = new SlowClients(
                vertx, new SlowClients.Patience(Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofSeconds(5)));
        Router router = Router.router(vertx);
        router.route().handler(slowClients).failureHandler(this::fail);
        router.post().handler(this::upload).failureHandler(this::fail);
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
        threads.shutdownNow();
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private void upload(RoutingContext context) {
        FileUpload upload =
                new FileUpload(context, new FileUpload.Limits(LARGEST, LEAST, Duration.ofSeconds(2), () -> crowded));
        String type = context.request().getHeader("content-type");
        new BlockingWork(threads)
                .call(context.vertx().getOrCreateContext(), () -> read(type, upload.body()))
                .onSuccess(context::end)
                .onFailure(upload::fail);
        SlowClients.leaveBody(context);
    }

    private String read(String type, BodyPipe body) throws Exception {
        FileFormReader form = new FileFormReader(type, body, LARGEST);
        try (body) {
            form.fileName();
            while (readsNothing) {
                Thread.sleep(20);
            }
            int length = form.content().readAllBytes().length;
            String purpose = form.fields().purpose();
            ended.complete("read");
            return "read " + length + " for " + purpose;
        } catch (Exception problem) {
            ended.complete("failed");
            throw form.refusal().isPresent() ? form.refusal().get() : problem;
        }
    }

    private void fail(RoutingContext context) {
        if (!context.response().ended()) {
            int status = context.failure() instanceof ApiException problem
                    ? problem.error().kind().status()
                    : context.statusCode();
            context.response().setStatusCode(status).end();
        }
    }

    private Socket begin(int length) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(30_000);
        send(
                socket,
                "POST / HTTP/1.1\r\nhost: x\r\ncontent-type: multipart/form-data; boundary=b\r\ncontent-length: "
                        + (BEGIN.length() + length + END.length()) + "\r\n\r\n" + BEGIN);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }

    private static String answer(Socket socket) throws IOException {
        byte[] begin = new byte[1_000];
        StringBuilder answer = new StringBuilder();
        for (int count = socket.getInputStream().read(begin);
                count > 0;
                count = answer.toString().contains("for batch")
                        ? 0
                        : socket.getInputStream().read(begin)) {
            answer.append(new String(begin, 0, count, StandardCharsets.US_ASCII));
        }
        return answer.toString();
    }

    @Test
    void aSlowClientThatKeepsSendingIsWaitedFor() throws Exception {
        // Five seconds, where other bodies have one.
        try (Socket socket = begin(100 * LEAST)) {
            for (int i = 0; i < 100; i++) {
                send(socket, "x".repeat(LEAST));
                Thread.sleep(50);
            }
            send(socket, END);
            assertThat(answer(socket)).startsWith("HTTP/1.1 200").endsWith("read 100000 for batch");
        }
    }

    @Test
    void aClientThatStopsSendingIsToldAndItsReaderWoken() throws Exception {
        try (Socket socket = begin(50 * LEAST)) {
            send(socket, "x".repeat(10 * LEAST));
            assertThat(answer(socket)).startsWith("HTTP/1.1 408");
            assertThat(ended.get(10, TimeUnit.SECONDS)).isEqualTo("failed");
        }
    }

    @Test
    void aClientThatOnlyKeepsTheLineOpenIsHungUpOn() throws Exception {
        try (Socket socket = begin(50 * LEAST)) {
            CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> {
                try {
                    return answer(socket);
                } catch (IOException reset) {
                    return "HTTP/1.1 408 or a reset";
                }
            });
            while (!answer.isDone()) {
                try {
                    send(socket, "x");
                } catch (IOException closed) {
                    break;
                }
                Thread.sleep(100);
            }
            assertThat(answer.get(20, TimeUnit.SECONDS)).startsWith("HTTP/1.1 408");
            assertThat(ended.get(10, TimeUnit.SECONDS)).isEqualTo("failed");
        }
    }

    @Test
    void whereManyUploadASlowClientIsRefused() throws Exception {
        crowded = true;
        try (Socket socket = begin(1_000 * LEAST)) {
            CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> {
                try {
                    return answer(socket);
                } catch (IOException reset) {
                    return "HTTP/1.1 408 or a reset";
                }
            });
            // Enough where few do: at most 5,000 bytes in two seconds.
            while (!answer.isDone()) {
                try {
                    send(socket, "x".repeat(LEAST));
                } catch (IOException closed) {
                    break;
                }
                Thread.sleep(400);
            }
            assertThat(answer.get(20, TimeUnit.SECONDS)).startsWith("HTTP/1.1 408");
        }
    }

    @Test
    void aSlowStoreIsNoFaultOfTheClients() throws Exception {
        readsNothing = true;
        int length = LARGEST;
        try (Socket socket = begin(length)) {
            threads.execute(() -> {
                try {
                    send(socket, "x".repeat(length) + END);
                } catch (IOException problem) {
                    ended.complete(problem.toString());
                }
            });
            Thread.sleep(5_000);
            readsNothing = false;
            assertThat(answer(socket)).endsWith("read 1048576 for batch");
        }
    }

    @Test
    void aHangUpWakesTheReader() throws Exception {
        try (Socket socket = begin(50 * LEAST)) {
            send(socket, "x".repeat(10 * LEAST));
        }
        assertThat(ended.get(10, TimeUnit.SECONDS)).isEqualTo("failed");
    }

    @Test
    void whoGoesOnAfterARefusalIsHungUpOn() throws Exception {
        try (Socket socket = begin(100 << 20)) {
            // A few more than are too many, since the last ones may begin a boundary.
            send(socket, "x".repeat(LARGEST + 100));
            byte[] begin = new byte[12];
            assertThat(socket.getInputStream().readNBytes(begin, 0, begin.length))
                    .isEqualTo(begin.length);
            assertThat(new String(begin, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 413");
            assertThat(socket.getInputStream().readAllBytes()).isNotEmpty();
        }
    }
}
