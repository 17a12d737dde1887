package dev.thunderhead.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.thunderhead.storage.Lifecycle.Expiry;
import io.minio.MinioClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a server that keeps a bucket's lifecycle document and nothing else. */
class S3LifecycleTest {
    private static final String NONE =
            "<Error><Code>NoSuchLifecycleConfiguration</Code><BucketName>pictures</BucketName></Error>";
    private static final String FAILURE = "<Error><Code>Failure</Code><BucketName>pictures</BucketName></Error>";
    private static final String OTHERS = """
            <LifecycleConfiguration><Rule><ID>logs</ID><Status>Enabled</Status>\
            <Filter><Prefix>logs/</Prefix></Filter><Expiration><Days>7</Days></Expiration></Rule>\
            </LifecycleConfiguration>""";

    private HttpServer server;
    private Lifecycle lifecycle;
    private volatile String document = "";
    private volatile int failing;
    private volatile boolean knowsParts = true;
    private final AtomicInteger writes = new AtomicInteger();

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/pictures", this::answer);
        server.start();
        lifecycle = new S3Lifecycle(
                MinioClient.builder()
                        .endpoint("http://127.0.0.1:" + server.getAddress().getPort())
                        .region("us-east-1")
                        .credentials("access", "secret-key")
                        .build(),
                "pictures");
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        assertThat(exchange.getRequestURI().getQuery()).startsWith("lifecycle");
        if (failing != 0) {
            send(exchange, failing, FAILURE);
        } else if (exchange.getRequestMethod().equals("PUT")) {
            String given = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            if (given.contains("AbortIncompleteMultipartUpload") && !knowsParts) {
                send(exchange, 400, FAILURE);
                return;
            }
            writes.incrementAndGet();
            document = given;
            send(exchange, 200, "");
        } else {
            send(exchange, document.isEmpty() ? 404 : 200, document.isEmpty() ? NONE : document);
        }
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("content-type", "application/xml");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static String rule(String id, String prefix, int days) {
        return "(?s).*<Rule>(?=((?!</Rule>).)*<ID>" + id + "</ID>)(?=((?!</Rule>).)*<Status>Enabled</Status>)"
                + "(?=((?!</Rule>).)*<Prefix>" + prefix + "</Prefix>)(?=((?!</Rule>).)*<Expiration><Days>" + days
                + "</Days></Expiration>).*";
    }

    @Test
    void ourRulesAreSetWhereThereWereNone() throws IOException {
        assertThat(lifecycle.expire(List.of(new Expiry("jobs/", 30), new Expiry("orphans/", 1))))
                .isTrue();
        assertThat(document)
                .matches(rule("thunderhead-jobs", "jobs/", 30))
                .matches(rule("thunderhead-orphans", "orphans/", 1));
        assertThat(document.split("<Rule>")).hasSize(5);
    }

    @Test
    void uploadsInPartsThatWereNotFinishedAreEnded() throws IOException {
        lifecycle.expire(List.of(new Expiry("jobs/", 30)));
        for (String what : List.of("files", "batches")) {
            assertThat(document)
                    .matches("(?s).*<Rule>(?=((?!</Rule>).)*<ID>thunderhead-unfinished-" + what
                            + "</ID>)(?=((?!</Rule>).)*<Prefix>" + what
                            + "/</Prefix>)(?=((?!</Rule>).)*<AbortIncompleteMultipartUpload>"
                            + "<DaysAfterInitiation>2</DaysAfterInitiation></AbortIncompleteMultipartUpload>).*");
        }
    }

    @Test
    void aStoreThatKnowsNoRulesForPartsIsGivenTheOthers() throws IOException {
        knowsParts = false;
        List<Expiry> rules = List.of(new Expiry("jobs/", 30));
        assertThat(lifecycle.expire(rules)).isTrue();
        assertThat(document).matches(rule("thunderhead-jobs", "jobs/", 30));
        assertThat(document.split("<Rule>")).hasSize(2);
        assertThat(lifecycle.expire(rules)).isTrue();
        assertThat(writes).hasValue(1);
    }

    @Test
    void othersRulesStayAndOursAreReplaced() throws IOException {
        document = OTHERS;
        lifecycle.expire(List.of(new Expiry("jobs/", 30)));
        lifecycle.expire(List.of(new Expiry("jobs/", 60)));
        assertThat(document).matches(rule("logs", "logs/", 7)).matches(rule("thunderhead-jobs", "jobs/", 60));
        assertThat(document.split("<Rule>")).hasSize(5);
    }

    @Test
    void whatStandsAlreadyIsNotWrittenAgain() throws IOException {
        document = OTHERS;
        lifecycle.expire(List.of(new Expiry("jobs/", 30)));
        lifecycle.expire(List.of(new Expiry("jobs/", 30)));
        assertThat(writes).hasValue(1);
    }

    @Test
    void aStoreThatHasNoRulesIsToldFromOneThatCannotAnswer() throws IOException {
        List<Expiry> rules = List.of(new Expiry("jobs/", 30));
        failing = 501;
        assertThat(lifecycle.expire(rules)).isFalse();
        failing = 403;
        assertThat(lifecycle.expire(rules)).isFalse();
        failing = 503;
        assertThatThrownBy(() -> lifecycle.expire(rules)).isInstanceOf(IOException.class);
        failing = 0;
        document = "<LifecycleConfiguration><Rule>";
        assertThatThrownBy(() -> lifecycle.expire(rules)).isInstanceOf(IOException.class);
        assertThat(writes).hasValue(0);
    }
}
