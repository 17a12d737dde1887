package dev.thunderhead.frontend.webhook.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.thunderhead.frontend.webhook.Reach;
import dev.thunderhead.frontend.webhook.Receiver;
import dev.thunderhead.frontend.webhook.Sender;
import dev.thunderhead.frontend.webhook.WebhookUrl;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PfxOptions;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client of receivers on real connections. No name here leads anywhere but by the address that is given. */
class HttpSenderIT {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    @TempDir
    static Path folder;

    private static Vertx vertx;

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static Sender.Request request(String url) {
        return new Sender.Request(
                WebhookUrl.parse(url, Reach.ANYWHERE), LOOPBACK, Map.of("webhook-id", "msg_1"), "{\"a\":1}");
    }

    private static HttpSender sender(Duration timeout) {
        return new HttpSender(vertx, timeout, Optional.empty());
    }

    @Test
    void itConnectsToTheAddressThatWasJudgedAndKeepsTheName() throws Exception {
        try (Receiver receiver = new Receiver(call -> 204);
                HttpSender sender = sender(Duration.ofSeconds(5))) {
            String host = "hooks.invalid:" + receiver.port();
            Sender.Response response = sender.post(request("http://" + host + "/in?x=1"));
            assertThat(response.status()).isEqualTo(204);
            assertThat(receiver.calls().get(0).header("host")).isEqualTo(host);
            assertThat(receiver.calls().get(0).path()).isEqualTo("/in?x=1");
            assertThat(receiver.calls().get(0).body()).isEqualTo("{\"a\":1}");
            assertThat(receiver.calls().get(0).id()).isEqualTo("msg_1");
        }
    }

    // A pool that knew connections by name alone would send the second call where the first one went.
    @Test
    void aKeptConnectionIsNotUsedForAnotherAddressOfTheName() throws Exception {
        try (Receiver receiver = new Receiver(call -> 200);
                HttpSender sender = sender(Duration.ofSeconds(2))) {
            Sender.Request first = request("http://hooks.invalid:" + receiver.port() + "/");
            sender.post(first);
            Sender.Request elsewhere =
                    new Sender.Request(first.url(), InetAddress.getByName("127.0.0.2"), first.headers(), first.body());
            assertThatThrownBy(() -> sender.post(elsewhere)).isInstanceOf(IOException.class);
            assertThat(receiver.calls()).hasSize(1);
        }
    }

    @Test
    void anAddressOfIpVersion6IsNamedInBrackets() throws Exception {
        try (Receiver receiver = new Receiver(call -> 200);
                HttpSender sender = sender(Duration.ofSeconds(5))) {
            String host = "[::1]:" + receiver.port();
            assertThat(sender.post(request("http://" + host + "/")).status()).isEqualTo(200);
            assertThat(receiver.calls().get(0).header("host")).isEqualTo(host);
        }
    }

    // Two accounts that call one server, each as often at a time as it may.
    @Test
    void callsThatHangHoldUpNoOthersToTheSameServer() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        ExecutorService threads = Executors.newCachedThreadPool();
        try (Receiver receiver = new Receiver(call -> {
                    if (call.path().equals("/slow")) {
                        end.await();
                    }
                    return 200;
                });
                HttpSender sender = sender(Duration.ofSeconds(15))) {
            List<Future<Sender.Response>> slow = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                slow.add(threads.submit(() -> sender.post(request(receiver.url("/slow")))));
            }
            await().atMost(Duration.ofSeconds(10)).until(() -> receiver.calls().size() == slow.size());
            assertThat(sender.post(request(receiver.url("/quick"))).status()).isEqualTo(200);
            assertThat(slow).noneMatch(Future::isDone);
            end.countDown();
            for (Future<Sender.Response> call : slow) {
                assertThat(call.get().status()).isEqualTo(200);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aConnectionThatComesTooLateIsNotUsed() throws Exception {
        PfxOptions certificate = certificate("hooks.invalid");
        KeyStore keys = KeyStore.getInstance(new File(certificate.getPath()), "password".toCharArray());
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, "password".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        try (ServerSocket server = context.getServerSocketFactory().createServerSocket(0, 1, LOOPBACK);
                HttpSender sender = new HttpSender(vertx, Duration.ofSeconds(1), Optional.of(certificate))) {
            assertThatThrownBy(() -> sender.post(request("https://hooks.invalid:" + server.getLocalPort() + "/")))
                    .isInstanceOf(IOException.class);
            // Only now does the server begin to speak.
            try (Socket late = server.accept()) {
                late.setSoTimeout(5_000);
                assertThat(readAll(late)).isEmpty();
            }
        }
    }

    private static byte[] readAll(Socket socket) {
        try {
            return socket.getInputStream().readNBytes(1);
        } catch (IOException hungUp) {
            return new byte[0];
        }
    }

    /** A key with a certificate of its own for that name. */
    private static PfxOptions certificate(String name) throws Exception {
        Path store = Files.createTempDirectory(folder, "key").resolve("store.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "receiver",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "san=dns:" + name,
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        "password",
                        "-keystore",
                        store.toString())
                .inheritIO()
                .start();
        assertThat(keytool.waitFor()).isZero();
        return new PfxOptions().setPath(store.toString()).setPassword("password");
    }

    @Test
    void certificatesAreCheckedAgainstTheName() throws Exception {
        PfxOptions certificate = certificate("hooks.invalid");
        CompletableFuture<String> indicated = new CompletableFuture<>();
        HttpServer server = vertx.createHttpServer(
                        new HttpServerOptions().setSsl(true).setSni(true).setKeyCertOptions(certificate))
                .requestHandler(call -> {
                    indicated.complete(call.connection().indicatedServerName());
                    call.response().end();
                });
        int port = server.listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS)
                .actualPort();
        try (HttpSender trusting = new HttpSender(vertx, Duration.ofSeconds(5), Optional.of(certificate));
                HttpSender usual = sender(Duration.ofSeconds(5))) {
            assertThat(trusting.post(request("https://hooks.invalid:" + port + "/"))
                            .status())
                    .isEqualTo(200);
            assertThat(indicated.get(5, TimeUnit.SECONDS)).isEqualTo("hooks.invalid");
            assertThatThrownBy(() -> trusting.post(request("https://other.invalid:" + port + "/")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("certificate");
            assertThatThrownBy(() -> usual.post(request("https://hooks.invalid:" + port + "/")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("certificate");
        } finally {
            server.close();
        }
    }

    @Test
    void redirectsAreNotFollowed() throws Exception {
        try (Receiver inner = new Receiver(call -> 200);
                Receiver outer = new Receiver(call -> {
                    call.exchange().getResponseHeaders().set("Location", inner.url("/"));
                    return Integer.parseInt(call.path().substring(1));
                });
                HttpSender sender = sender(Duration.ofSeconds(5))) {
            for (int status : new int[] {301, 302, 303, 307, 308}) {
                assertThat(sender.post(request(outer.url("/" + status))).status())
                        .isEqualTo(status);
            }
            assertThat(inner.calls()).isEmpty();
        }
    }

    @Test
    void whoNeverAnswersIsGivenUp() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try (Receiver receiver = new Receiver(call -> {
                    end.await();
                    return 200;
                });
                HttpSender sender = sender(Duration.ofSeconds(1))) {
            assertThatThrownBy(() -> sender.post(request(receiver.url("/"))))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("no answer within 1 s");
            end.countDown();
        }
    }

    @Test
    void whereNobodyListensTheReasonIsSaid() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        try (HttpSender sender = sender(Duration.ofSeconds(5))) {
            assertThatThrownBy(() -> sender.post(request("http://127.0.0.1:" + free + "/")))
                    .isInstanceOf(IOException.class)
                    .hasMessage("the connection was refused");
        }
    }

    @Test
    void aBodyIsReadOnlySoFarAndTheStatusCounts() throws Exception {
        long[] written = {0};
        HttpServer endless = vertx.createHttpServer().requestHandler(call -> {
            call.response().setChunked(true);
            long timer = vertx.setPeriodic(1, tick -> {
                if (!call.response().closed() && !call.response().writeQueueFull()) {
                    written[0] += 4_096;
                    call.response().write(Buffer.buffer(new byte[4_096]));
                }
            });
            call.response().closeHandler(closed -> vertx.cancelTimer(timer));
        });
        int port = endless.listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS)
                .actualPort();
        try (HttpSender sender = sender(Duration.ofSeconds(20))) {
            long start = System.nanoTime();
            assertThat(sender.post(request("http://127.0.0.1:" + port + "/")).status())
                    .isEqualTo(200);
            // It did not wait for its time limit, but hung up.
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
            assertThat(written[0]).isLessThan(10_000_000);
        } finally {
            endless.close();
        }
    }
}
