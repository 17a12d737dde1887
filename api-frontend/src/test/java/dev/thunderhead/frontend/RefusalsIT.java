package dev.thunderhead.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.thunderhead.frontend.account.ApiKey;
import dev.thunderhead.frontend.account.Limits;
import dev.thunderhead.job.Account;
import dev.thunderhead.job.FailureCode;
import dev.thunderhead.job.Outcome;
import dev.thunderhead.job.RenderTask;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefusalsIT {
    private static final String CANCELLED = "cancelled";

    @TempDir
    static Path data;

    private static Backing backing;
    private static Frontend frontend;
    private static FakeWorker worker;
    private static Client client;

    @BeforeAll
    static void start() throws Exception {
        backing = new Backing(data);
        frontend = backing.frontend(Backing.CALLS);
        worker = new FakeWorker(backing.kafka(), backing.store, RefusalsIT::asThePromptSays);
        client = backing.client(frontend);
    }

    @AfterAll
    static void stop() throws Exception {
        worker.close();
        frontend.close();
        backing.close();
    }

    private static Outcome asThePromptSays(RenderTask task) {
        for (FailureCode code : FailureCode.values()) {
            if (task.prompt().equals(code.name()) && task.id().index() == 0) {
                return new Outcome.Failed(code, "it went wrong", Instant.now());
            }
        }
        if (task.prompt().equals("slow")) {
            sleep(700);
        }
        return task.prompt().equals(CANCELLED)
                ? new Outcome.Cancelled("called off", Instant.now())
                : FakeWorker.picture(task);
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        }
    }

    private static void assertShape(Client.Answer answer, int status, String type, String code, String param) {
        assertThat(answer.status()).as(answer.json().toString()).isEqualTo(status);
        JsonNode error = answer.error();
        assertThat(error.fieldNames()).toIterable().containsExactly("message", "type", "param", "code");
        assertThat(error.get("type").asText()).isEqualTo(type);
        assertThat(error.get("code").textValue()).isEqualTo(code);
        assertThat(error.get("param").textValue()).isEqualTo(param);
        assertThat(error.get("message").asText()).isNotBlank();
        assertThat(answer.header("x-request-id")).startsWith("req_");
        assertThat(answer.header("openai-processing-ms")).matches("[0-9]+");
    }

    @Test
    void withoutAValidKeyNobodyPasses() throws Exception {
        URI base = URI.create("http://127.0.0.1:" + frontend.port());
        String unknown = ApiKey.create(new java.security.SecureRandom()).text();
        for (String key : List.of("", "th_wrong", unknown)) {
            assertShape(
                    new Client(base, key).generate("{\"prompt\": \"x\"}"),
                    401,
                    "authentication_error",
                    "invalid_api_key",
                    null);
        }
        assertShape(Client.fetch(base + "/v1/models"), 401, "authentication_error", "invalid_api_key", null);
    }

    @Test
    void whatDoesNotExistIsNotFound() throws Exception {
        assertShape(client.get("/v1/pictures"), 404, "not_found", "unknown_url", null);
        assertShape(client.get("/"), 404, "not_found", "unknown_url", null);
        assertShape(client.get("/v1/models/nothing"), 404, "not_found", "model_not_found", "model");
        assertShape(client.get("/v1/models/%zz".replace("%", "%25")), 404, "not_found", "model_not_found", "model");
        assertShape(
                client.generate("{\"prompt\": \"x\", \"model\": \"dall-e-9\"}"),
                404,
                "not_found",
                "model_not_found",
                "model");
        assertShape(client.get("/v1/images/generations"), 405, "invalid_request_error", "method_not_allowed", null);
        assertThat(client.get("/v1/images/generations").header("allow")).isEqualTo("POST");
        assertThat(client.post("/v1/models", "{}").header("allow")).isEqualTo("GET, HEAD");
        assertThat(client.delete("/v1/batches").header("allow")).isEqualTo("GET, HEAD, POST");
        assertThat(client.post("/v1/files/file-x", "{}").header("allow")).isEqualTo("DELETE, GET, HEAD");
        assertThat(client.post("/media/x.png", "{}").header("allow")).isEqualTo("GET, HEAD");
        assertShape(client.get("/media/"), 404, "not_found", "media_not_found", null);
        assertShape(client.get("/media/x.png"), 404, "not_found", "media_not_found", null);
    }

    @Test
    void modelsAreListedUnderEveryName() throws Exception {
        JsonNode list = client.get("/v1/models").json();
        assertThat(list.get("object").asText()).isEqualTo("list");
        assertThat(list.findValuesAsText("id")).containsExactly("tiny-lightning", Backing.ALIAS);
        for (String path : List.of("tiny-lightning", Backing.ALIAS, Backing.ALIAS.replace("/", "%2F"))) {
            Client.Answer model = client.get("/v1/models/" + path);
            assertThat(model.status()).isEqualTo(200);
            assertThat(model.json().get("object").asText()).isEqualTo("model");
            assertThat(model.json().get("owned_by").asText()).isEqualTo("thunderhead");
        }
    }

    @Test
    void badInputIsNamedAndNothingIsQueued() throws Exception {
        long before = backing.recordsEver();
        List<String> bodies = List.of(
                "",
                "[]",
                "{}",
                "{\"prompt\": \"a\\u0000b\"}",
                "{\"prompt\": \"\\ud800\"}",
                "{\"prompt\": " + "[".repeat(60_000),
                "{\"prompt\": \"x\", \"prompt\": \"x\"}",
                "{\"prompt\": \"x\", \"n\": " + "1".repeat(10_000) + "}",
                "{\"prompt\": \"x\", \"n\": 1e9}",
                "{\"prompt\": \"x\", \"n\": NaN}",
                "{\"prompt\": \"x\", \"size\": \"99999x99999\"}",
                "{\"prompt\": \"x\", \"output_format\": \"webp\"}",
                "{\"prompt\": \"x\", \"frobnicate\": 1}",
                "{\"prompt\": \"" + "x".repeat(4_001) + "\"}",
                "{\"prompt\": \"x\"} garbage");
        for (String body : bodies) {
            Client.Answer answer = client.generate(body);
            assertThat(answer.status()).as(body).isEqualTo(400);
            assertThat(answer.error().get("type").asText()).isEqualTo("invalid_request_error");
        }
        assertThat(client.generate(new byte[] {'{', '"', (byte) 0xff}).status()).isEqualTo(400);
        assertShape(
                client.generate("{\"prompt\": \"x\", \"frobnicate\": 1}"),
                400,
                "invalid_request_error",
                null,
                "frobnicate");
        assertThat(backing.recordsEver()).isEqualTo(before);
    }

    @Test
    void aBodyMustBeJsonAndSmall() throws Exception {
        assertShape(
                client.generate("{\"prompt\": \"x\", \"user\": \"" + "u".repeat(70_000) + "\"}"),
                413,
                "invalid_request_error",
                "request_too_large",
                null);
        HttpRequest form = client.request("/v1/images/generations")
                .header("content-type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("{\"prompt\": \"x\"}"))
                .build();
        assertShape(Client.send(form), 415, "invalid_request_error", "unsupported_media_type", null);
        HttpRequest chunked = client.request("/v1/images/generations")
                .header("content-type", "application/json; charset=utf-8")
                .POST(HttpRequest.BodyPublishers.fromPublisher(
                        HttpRequest.BodyPublishers.ofByteArray(new byte[100_000])))
                .build();
        assertThat(Client.send(chunked).status()).isEqualTo(413);
    }

    @Test
    void whatIsNotHttpIsAnsweredInTheSameShape() throws Exception {
        for (String request : List.of(
                "nonsense\r\n\r\n",
                "GET / HTTP/1.1\r\nhost: x\r\nno colon here\r\n\r\n",
                "GET /v1/models HTTP/1.1\r\nhost: x\r\nbig: " + "x".repeat(20_000) + "\r\n\r\n",
                "GET /" + "x".repeat(5_000) + " HTTP/1.1\r\nhost: x\r\n\r\n")) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), frontend.port())) {
                socket.setSoTimeout(5_000);
                OutputStream out = socket.getOutputStream();
                out.write(request.getBytes(StandardCharsets.US_ASCII));
                out.flush();
                InputStream in = socket.getInputStream();
                String answer = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                assertThat(answer).contains(" 400 Bad Request").contains("\"type\":\"invalid_request_error\"");
            }
        }
    }

    @Test
    void headIsGetWithoutContent() throws Exception {
        for (String path : List.of("/v1/models", "/v1/jobs", "/v1/files", "/v1/batches", "/v1/batches/batch_unknown")) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), frontend.port())) {
                socket.setSoTimeout(5_000);
                String request = "HEAD " + path + " HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer "
                        + backing.key.text() + "\r\n\r\n";
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertThat(answer)
                        .as(path)
                        .startsWith(path.endsWith("unknown") ? "HTTP/1.1 404" : "HTTP/1.1 200")
                        .endsWith("\r\n\r\n");
            }
        }
    }

    @Test
    void oddTargetsAreJustNotFound() throws Exception {
        for (String line : List.of(
                "OPTIONS * HTTP/1.1", "GET //v1//models HTTP/1.1", "GET /media/../v1/x HTTP/1.1", "BREW / HTTP/1.1")) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), frontend.port())) {
                socket.setSoTimeout(5_000);
                String request = line + "\r\nhost: x\r\nconnection: close\r\n\r\n";
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertThat(answer).as(line).startsWith("HTTP/1.1 4").contains("\"error\":");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "DEADLINE_EXCEEDED, 503, service_unavailable, ",
        "MODEL_UNAVAILABLE, 503, service_unavailable, ",
        "POISON_TASK, 500, server_error, false",
        "RENDER_FAILED, 500, server_error, ",
        "SPOILED_PICTURE, 500, server_error, false",
        "UNSUPPORTED_SCHEMA, 500, server_error, "
    })
    void aFailedTaskFailsTheRequest(FailureCode code, int status, String type, String shouldRetry) throws Exception {
        Client.Answer answer = client.generate("{\"prompt\": \"" + code + "\", \"n\": 2}");
        assertShape(answer, status, type, code.name().toLowerCase(Locale.ROOT), null);
        assertThat(answer.error().get("message").asText())
                .contains("it went wrong")
                .contains("job_");
        assertThat(answer.header("x-should-retry")).isEqualTo(shouldRetry);
        assertThat(answer.header("retry-after")).isEqualTo(status == 503 ? "5" : null);
    }

    @Test
    void aCancelledJobIsNotTriedAgain() throws Exception {
        Client.Answer answer = client.generate("{\"prompt\": \"" + CANCELLED + "\"}");
        assertShape(answer, 409, "invalid_request_error", "job_cancelled", null);
        assertThat(answer.header("x-should-retry")).isEqualTo("false");
    }

    @Test
    void theTombstoneOfAFailureIsNoPicture() throws Exception {
        Client.Answer answer = client.generate("{\"prompt\": \"RENDER_FAILED\"}");
        dev.thunderhead.job.TaskId task =
                new dev.thunderhead.job.TaskId(new dev.thunderhead.job.JobId(answer.header("x-thunderhead-job")), 0);
        String token = dev.thunderhead.frontend.media.MediaToken.of(new Account("acme"), task, backing.objectKeys)
                .toString();
        assertShape(client.get("/media/" + token + ".png"), 404, "not_found", "media_not_found", null);
    }

    @Test
    void anAccountIsHeldToItsLimits() throws Exception {
        URI base = URI.create("http://127.0.0.1:" + frontend.port());
        Client narrow = new Client(
                base, backing.newKey(frontend, "narrow", new Limits(1_000, 1)).text());
        CompletableFuture<Client.Answer> waiting = narrow.generateLater("{\"prompt\": \"slow\"}");
        sleep(250);
        Client.Answer second = narrow.generate("{\"prompt\": \"x\"}");
        assertShape(second, 429, "rate_limit_error", "concurrent_requests_exceeded", null);
        assertThat(second.header("retry-after")).isEqualTo("1");
        assertThat(waiting.get().status()).isEqualTo(200);
        assertThat(narrow.generate("{\"prompt\": \"x\"}").status()).isEqualTo(200);

        Client slow = new Client(
                base, backing.newKey(frontend, "slow", new Limits(2, 10)).text());
        assertThat(slow.generate("{\"prompt\": \"x\"}").header("x-ratelimit-remaining-requests"))
                .isEqualTo("1");
        assertThat(slow.generate("{\"prompt\": \"x\"}").status()).isEqualTo(200);
        Client.Answer third = slow.generate("{\"prompt\": \"x\"}");
        assertShape(third, 429, "rate_limit_error", "rate_limit_exceeded", null);
        assertThat(Integer.parseInt(third.header("retry-after"))).isBetween(1, 30);
        assertThat(third.header("x-ratelimit-limit-requests")).isEqualTo("2");
        assertThat(third.header("x-ratelimit-remaining-requests")).isEqualTo("0");
        assertThat(third.header("x-ratelimit-reset-requests")).matches("[0-9.]+s|1m0s");
    }

    @Test
    void theManagementPortTellsHowItIs() throws Exception {
        client.generate("{\"prompt\": \"x\"}");
        String management = "http://127.0.0.1:" + frontend.managementPort();
        assertThat(Client.fetch(management + "/healthz").status()).isEqualTo(200);
        assertThat(Client.fetch(management + "/readyz").status()).isEqualTo(200);
        String metrics = new String(Client.fetch(management + "/metrics").raw().body(), StandardCharsets.UTF_8);
        assertThat(metrics)
                .contains("thunderhead_http_requests_seconds_count{method=\"POST\",route=\"/v1/images/generations\"")
                .contains("thunderhead_tasks_open{lane=\"interactive\"}")
                .contains("thunderhead_tasks_oldest_seconds{lane=\"bulk\"}")
                .contains("thunderhead_tasks_drain_rate{lane=\"interactive\"}")
                .contains("thunderhead_http_in_flight 0.0");
    }
}
