package dev.thunderhead.frontend;

import static dev.thunderhead.frontend.BatchClient.customIds;
import static dev.thunderhead.frontend.BatchClient.line;
import static dev.thunderhead.frontend.BatchClient.lines;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.HttpResponse;
import com.openai.models.batches.Batch;
import com.openai.models.batches.BatchCreateParams;
import com.openai.models.files.FileCreateParams;
import com.openai.models.files.FileObject;
import com.openai.models.files.FilePurpose;
import dev.thunderhead.frontend.account.Limits;
import dev.thunderhead.frontend.webhook.Receiver;
import dev.thunderhead.job.Account;
import dev.thunderhead.job.FailureCode;
import dev.thunderhead.job.Outcome;
import dev.thunderhead.storage.ObjectKeys;
import dev.thunderhead.storage.ObjectStore;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Batches as their owners see them: a real frontend, broker and store, and a worker that paints at once. */
@Timeout(120)
class BatchesIT {
    @TempDir
    static Path data;

    private static Backing backing;
    private static Frontend frontend;
    private static FakeWorker worker;
    private static Client client;
    private static BatchClient batches;

    @BeforeAll
    static void start() throws Exception {
        backing = new Backing(data);
        frontend = backing.frontend(Backing.CALLS, Backing.LOCAL_CALLBACKS);
        client = backing.client(frontend);
        batches = new BatchClient(client);
        worker = new FakeWorker(
                backing.kafka(),
                backing.store,
                task -> task.prompt().contains("bad")
                        ? new Outcome.Failed(FailureCode.RENDER_FAILED, "it would not dry", Instant.now())
                        : FakeWorker.picture(task));
    }

    @AfterAll
    static void stop() throws Exception {
        worker.close();
        frontend.close();
        backing.close();
    }

    @Test
    void everyLineEndsInOneOfTheTwoFiles() throws Exception {
        List<String> lines = new ArrayList<>(lines(150));
        lines.set(6, line("sad", "bad paint"));
        lines.set(9, line("odd", "x\", \"size\": \"7x7"));
        String id = batches.begin(lines);
        JsonNode batch = batches.awaitEnd(id);
        assertThat(batch.get("status").asText()).isEqualTo("completed");
        assertThat(batch.get("request_counts").toString()).isEqualTo("{\"total\":150,\"completed\":148,\"failed\":2}");
        assertThat(batch.get("model").asText()).isEqualTo("tiny-lightning");
        assertThat(batch.at("/usage/input_tokens").asLong()).isPositive();
        assertThat(batch.at("/usage/total_tokens").asLong())
                .isEqualTo(batch.at("/usage/input_tokens").asLong()
                        + batch.at("/usage/output_tokens").asLong());
        assertThat(batch.get("created_at").asLong())
                .isLessThanOrEqualTo(batch.get("in_progress_at").asLong());
        assertThat(batch.get("finalizing_at").asLong())
                .isLessThanOrEqualTo(batch.get("completed_at").asLong());

        List<JsonNode> output = batches.content(batch.get("output_file_id").asText());
        assertThat(output).hasSize(148);
        assertThat(customIds(output)).hasSize(148).contains("line-1", "line-150");
        JsonNode one = output.get(0);
        assertThat(one.get("error").isNull()).isTrue();
        assertThat(one.at("/response/status_code").asInt()).isEqualTo(200);
        String url = one.at("/response/body/data/0/url").asText();
        assertThat(Client.fetch(url).status()).isEqualTo(302);

        List<JsonNode> errors = batches.content(batch.get("error_file_id").asText());
        assertThat(customIds(errors)).containsExactlyInAnyOrder("sad", "odd");
        for (JsonNode error : errors) {
            boolean refused = error.get("custom_id").asText().equals("odd");
            assertThat(error.at("/response/status_code").asInt()).isEqualTo(refused ? 400 : 500);
            assertThat(error.at("/response/body/error/param").asText()).isEqualTo(refused ? "size" : "null");
            assertThat(error.get("line").asInt()).isEqualTo(refused ? 10 : 7);
        }
    }

    @Test
    void theOfficialClientDrivesABatchAndItsOwnerIsCalled() throws Exception {
        try (Receiver receiver = new Receiver(call -> 204)) {
            client.post("/v1/webhook_endpoints", """
                    {"name": "mine", "url": "%s", "event_types": ["batch.completed", "image.generation.completed"]}
                    """.formatted(receiver.url("/hook")));
            OpenAIClient openai = OpenAIOkHttpClient.builder()
                    .baseUrl("http://127.0.0.1:" + frontend.port() + "/v1")
                    .apiKey(backing.key.text())
                    .build();
            FileObject file = openai.files()
                    .create(FileCreateParams.builder()
                            .purpose(FilePurpose.BATCH)
                            .file(Files.write(
                                    data.resolve("campaign.jsonl"),
                                    List.of(line("good", "x"), line("sad", "bad paint"))))
                            .build());
            Batch batch = openai.batches()
                    .create(BatchCreateParams.builder()
                            .inputFileId(file.id())
                            .endpoint(BatchCreateParams.Endpoint.of("/v1/images/generations"))
                            .completionWindow(BatchCreateParams.CompletionWindow._24H)
                            .build());
            batches.awaitEnd(batch.id());
            batch = openai.batches().retrieve(batch.id());
            assertThat(batch.status()).isEqualTo(Batch.Status.COMPLETED);
            assertThat(batch.requestCounts().orElseThrow().failed()).isEqualTo(1);
            try (HttpResponse content =
                    openai.files().content(batch.outputFileId().orElseThrow())) {
                assertThat(new String(content.body().readAllBytes(), StandardCharsets.UTF_8))
                        .contains("\"custom_id\":\"good\"")
                        .contains("/media/");
            }
            assertThat(openai.batches().list().data()).extracting(Batch::id).contains(batch.id());

            Awaitility.await().until(() -> !receiver.calls().isEmpty());
            assertThat(receiver.calls())
                    .singleElement()
                    .satisfies(call -> assertThat(call.body())
                            .contains("\"type\":\"batch.completed\"")
                            .contains("\"data\":{\"id\":\"batch_"));
        }
    }

    @Test
    void resultsArePagedAndTellWhatTheFilesTell() throws Exception {
        String id = batches.begin(lines(230));
        JsonNode batch = batches.awaitEnd(id);
        List<JsonNode> all = new ArrayList<>();
        String after = "";
        JsonNode page;
        do {
            page = client.get("/v1/batches/" + id + "/results?limit=100&after=" + after)
                    .json();
            page.get("data").forEach(all::add);
            after = page.get("last_id").asText();
        } while (page.get("has_more").asBoolean());
        assertThat(all).isEqualTo(batches.content(batch.get("output_file_id").asText()));
        assertThat(customIds(all)).hasSize(230);
        assertThat(client.get("/v1/batches/" + id + "/results?after=batch_req_x_1")
                        .error()
                        .get("param")
                        .asText())
                .isEqualTo("after");
        JsonNode end =
                client.get("/v1/batches/" + id + "/results?after=" + after).json();
        assertThat(end.get("data")).isEmpty();
        assertThat(end.get("last_id").asText()).isEqualTo(after);
        assertThat(client.get("/v1/batches/" + id + "/results?order=desc")
                        .error()
                        .get("param")
                        .asText())
                .isEqualTo("order");
    }

    @Test
    void picturesThemselvesAreInTheFileWhereTheyAreAskedFor() throws Exception {
        String id = batches.begin(List.of(line("a", "x\", \"n\": 2, \"response_format\": \"b64_json")));
        JsonNode batch = batches.awaitEnd(id);
        JsonNode output = batches.content(batch.get("output_file_id").asText()).get(0);
        Set<String> contents = new HashSet<>();
        output.at("/response/body/data")
                .forEach(datum -> contents.add(datum.get("b64_json").asText()));
        assertThat(contents).hasSize(2);
        JsonNode result = client.get("/v1/batches/" + id + "/results").json().at("/data/0/response/body/data/0");
        assertThat(result.has("url")).isTrue();
    }

    @Test
    void aFileThatIsNoneOfRequestsFailsAsAWhole() throws Exception {
        List<String> lines = new ArrayList<>(lines(5));
        lines.set(1, "{\"custom_id\": ");
        lines.set(2, line("line-1", "again"));
        lines.set(3, line("x", "y").replace("POST", "GET"));
        lines.add("");
        lines.add("{\"custom_id\": \"z\", \"method\": \"POST\", \"url\": \"/v1/images/generations\"}");
        JsonNode batch = batches.awaitEnd(batches.begin(lines));
        assertThat(batch.get("status").asText()).isEqualTo("failed");
        assertThat(batch.at("/errors/data/0/line").asInt()).isEqualTo(2);
        List<String> codes = new ArrayList<>();
        batch.at("/errors/data").forEach(error -> codes.add(error.get("code").asText()));
        assertThat(codes)
                .containsExactly(
                        "invalid_json_line", "duplicate_custom_id", "invalid_method", "missing_required_parameter");
        assertThat(batch.get("output_file_id").isNull()).isTrue();
        assertThat(batch.get("failed_at").isNull()).isFalse();
    }

    @Test
    void rubbishIsRefusedClearly() throws Exception {
        for (byte[] rubbish : List.of(
                new byte[] {0x1f, (byte) 0x8b, 8, 0, 1},
                new byte[] {0, 1, (byte) 0xff, 7},
                "\r\n \n".getBytes(StandardCharsets.UTF_8))) {
            String file = batches.upload(rubbish);
            JsonNode batch = batches.awaitEnd(
                    batches.create(file, "24h").json().get("id").asText());
            assertThat(batch.get("status").asText()).isEqualTo("failed");
            assertThat(batch.at("/errors/data/0/code").asText())
                    .isIn("invalid_file_format", "invalid_json_line", "empty_file");
        }
    }

    @Test
    void whatFailedCanBeTriedAgain() throws Exception {
        List<String> lines = new ArrayList<>(lines(20));
        lines.set(3, line("sad", "bad paint"));
        String id = batches.begin(lines);
        batches.awaitEnd(id);
        JsonNode again = client.post("/v1/batches/" + id + "/retry_failed", "{\"completion_window\": \"30m\"}")
                .json();
        assertThat(again.get("completion_window").asText()).isEqualTo("30m");
        assertThat(again.get("retry_of").asText()).isEqualTo(id);
        JsonNode end = batches.awaitEnd(again.get("id").asText());
        assertThat(end.get("request_counts").toString()).isEqualTo("{\"total\":1,\"completed\":0,\"failed\":1}");
        assertThat(customIds(batches.content(end.get("error_file_id").asText())))
                .containsExactly("sad");
        assertThat(batches.content(end.get("input_file_id").asText())).hasSize(1);
    }

    @Test
    void tryingAgainIsNotForMoreThanAFewAtATime() throws Exception {
        String id = batches.begin(lines(3));
        batches.awaitEnd(id);
        String path = "/v1/batches/" + id + "/retry_failed";
        List<CompletableFuture<Client.Answer>> calls =
                Stream.generate(() -> client.postLater(path, "")).limit(100).toList();
        Set<String> codes = new HashSet<>();
        for (CompletableFuture<Client.Answer> call : calls) {
            codes.add(call.get().error().get("code").asText());
        }
        assertThat(codes).containsExactlyInAnyOrder("wrong_batch_status", "too_many_retries");
    }

    @Test
    void whoHasTooManyBatchesOpenIsToldSoBeforeAnythingIsRead() throws Exception {
        Account account = new Account("crowd");
        Client own = new Client(
                URI.create("http://127.0.0.1:" + frontend.port()),
                backing.newKey(frontend, account.toString(), new Limits(1_000, 100))
                        .text());
        BatchClient crowd = new BatchClient(own);
        String id = crowd.begin(List.of(line("sad", "bad paint")));
        crowd.awaitEnd(id);
        ObjectStore store = backing.store;
        for (String part : store.list(ObjectKeys.batchParts(account, id))) {
            store.delete(part);
        }
        String path = "/v1/batches/" + id + "/retry_failed";
        assertThat(own.post(path, "").status()).isEqualTo(404);
        for (int open = 0; open < 100; open++) {
            backing.store.put(ObjectKeys.openBatch(account, "note-" + open), new byte[0], "text/plain", Map.of());
        }
        assertThat(own.post(path, "").error().get("code").asText()).isEqualTo("too_many_batches");
    }

    @Test
    void linesOfWhichNobodyKnowsAnyMoreCanBeTriedAgain() throws Exception {
        List<String> lines = new ArrayList<>(lines(300));
        lines.add(1, "");
        String id = batches.begin(lines);
        batches.awaitEnd(id);
        Account account = new Account("acme");
        String key = ObjectKeys.batch(account, id);
        ObjectMapper json = new ObjectMapper();
        ObjectNode record = (ObjectNode) json.readTree(backing.store.get(key).orElseThrow());
        record.put("status", "failed");
        record.putArray("errors").addObject().put("code", "results_lost").put("message", "gone");
        backing.store.put(key, json.writeValueAsBytes(record), "application/json", Map.of());
        JsonNode lost = record.at("/feed/segments/0");
        backing.store.delete(
                ObjectKeys.batchParts(account, id) + lost.get("name").asText());
        JsonNode again = client.post("/v1/batches/" + id + "/retry_failed", "").json();
        assertThat(batches.awaitEnd(again.get("id").asText())
                        .at("/request_counts/completed")
                        .asInt())
                .isEqualTo(lost.get("count").asInt());
    }

    @Test
    void aBatchThatIsCalledOffKeepsWhatItHas() throws Exception {
        String id = batches.begin(lines(3_000));
        batches.await(
                id,
                Duration.ofSeconds(30),
                batch -> batch.at("/request_counts/completed").asInt() > 0);
        assertThat(client.post("/v1/batches/" + id + "/cancel", "")
                        .json()
                        .get("status")
                        .asText())
                .isEqualTo("cancelling");
        JsonNode batch = batches.awaitEnd(id);
        assertThat(batch.get("status").asText()).isEqualTo("cancelled");
        List<JsonNode> output = batches.content(batch.get("output_file_id").asText());
        List<JsonNode> errors = batches.content(batch.get("error_file_id").asText());
        assertThat(output).hasSize(batch.at("/request_counts/completed").asInt());
        assertThat(output.size() + errors.size()).isEqualTo(3_000);
        assertThat(errors.get(0).at("/error/code").asText()).isEqualTo("batch_cancelled");
        assertThat(customIds(output)).doesNotContainAnyElementsOf(customIds(errors));
        assertThat(client.post("/v1/batches/" + id + "/cancel", "")
                        .json()
                        .get("status")
                        .asText())
                .isEqualTo("cancelled");
    }

    @Test
    void smallBatchesEndWhileALargeOneRuns() throws Exception {
        Client other = new Client(
                URI.create("http://127.0.0.1:" + frontend.port()),
                backing.newKey(frontend, "globex", new Limits(1_000, 100)).text());
        BatchClient others = new BatchClient(other);
        String large = batches.begin(lines(4_000));
        batches.await(
                large,
                Duration.ofSeconds(30),
                batch -> batch.at("/request_counts/completed").asInt() > 0);
        assertThat(client.get("/v1/batches/" + large + "/results").json().get("data"))
                .as("results so far")
                .isNotEmpty();
        String own = batches.begin(lines(10));
        String foreign = others.begin(lines(10));
        batches.awaitEnd(own);
        others.awaitEnd(foreign);
        assertThat(batches.get(large).get("status").asText()).isEqualTo("in_progress");
        assertThat(batches.get(large).get("eta_seconds").get("p50").asDouble()).isPositive();
        assertThat(batches.get(large).get("lines_per_second").asDouble()).isPositive();
        assertThat(other.get("/v1/batches/" + large).status()).isEqualTo(404);
        assertThat(other.post("/v1/batches/" + large + "/cancel", "").status()).isEqualTo(404);
        client.post("/v1/batches/" + large + "/cancel", "");
        batches.awaitEnd(large);
    }

    @Test
    void theSameKeyMakesOneBatchAndListsBeginWithTheNewest() throws Exception {
        String body = "{\"input_file_id\": \"%s\", \"endpoint\": \"/v1/images/generations\","
                + " \"completion_window\": \"24h\", \"metadata\": {\"campaign\": \"spring\"}}";
        String file = batches.upload(lines(2));
        List<String> ids = new ArrayList<>();
        for (String key : List.of("one", "one", "two")) {
            Client.Answer answer = client.post("/v1/batches", body.formatted(file), "Idempotency-Key", key);
            assertThat(answer.status()).isEqualTo(200);
            ids.add(answer.json().get("id").asText());
            batches.awaitEnd(ids.get(ids.size() - 1));
        }
        assertThat(ids.get(1)).isEqualTo(ids.get(0)).isNotEqualTo(ids.get(2));
        JsonNode page = client.get("/v1/batches?limit=2").json();
        assertThat(page.at("/data/0/id").asText()).isEqualTo(ids.get(2));
        assertThat(page.at("/data/0/metadata/campaign").asText()).isEqualTo("spring");
        assertThat(client.get("/v1/batches?limit=1&after=" + ids.get(2))
                        .json()
                        .at("/data/0/id")
                        .asText())
                .isEqualTo(ids.get(0));
    }

    @Test
    void aBatchWhoseTimeIsOverExpiresWithWhatItHas() throws Exception {
        String file = batches.upload(lines(20_000));
        String id = batches.create(file, "4s").json().get("id").asText();
        JsonNode batch = batches.awaitEnd(id);
        assertThat(batch.get("status").asText()).isEqualTo("expired");
        List<JsonNode> output = batches.content(batch.get("output_file_id").asText());
        List<JsonNode> errors = batches.content(batch.get("error_file_id").asText());
        assertThat(output.size() + errors.size()).isEqualTo(20_000);
        assertThat(errors.get(errors.size() - 1).at("/error/code").asText()).isEqualTo("batch_expired");
    }

    @Test
    void wrongRequestsAreRefusedAndNameTheParameter() throws Exception {
        String file = batches.upload(lines(1));
        String form = "{\"input_file_id\": \"%s\", \"endpoint\": \"%s\", \"completion_window\": \"%s\"%s}";
        String endpoint = "/v1/images/generations";
        assertThat(refused(form.formatted("file-unknown", endpoint, "24h", ""))).isEqualTo("input_file_id");
        assertThat(refused(form.formatted(file, "/v1/embeddings", "24h", ""))).isEqualTo("endpoint");
        assertThat(refused(form.formatted(file, endpoint, "25h", ""))).isEqualTo("completion_window");
        assertThat(refused(form.formatted(file, endpoint, "24h", ", \"metadata\": {\"a\": 1}")))
                .isEqualTo("metadata");
        assertThat(refused(form.formatted(file, endpoint, "24h", ", \"output_expires_after\": {\"seconds\": 5000}")))
                .isEqualTo("output_expires_after");
        Client.Answer unknown = client.get("/v1/batches/batch_unknown");
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.error().get("message").asText()).contains("batch_unknown", "GET /v1/batches");
    }

    private static String refused(String body) throws Exception {
        Client.Answer answer = client.post("/v1/batches", body);
        assertThat(answer.status()).isEqualTo(400);
        return answer.error().get("param").asText();
    }
}
