package dev.thunderhead.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.thunderhead.frontend.catalog.ModelCatalog;
import dev.thunderhead.frontend.intake.Fingerprint;
import dev.thunderhead.frontend.intake.IdempotencyKey;
import dev.thunderhead.frontend.intake.IdempotencyKeys;
import dev.thunderhead.frontend.job.Job;
import dev.thunderhead.frontend.job.TraceContext;
import dev.thunderhead.frontend.request.GenerationRequest;
import dev.thunderhead.frontend.request.GenerationRequestParser;
import dev.thunderhead.frontend.request.HttpsAlone;
import dev.thunderhead.job.Account;
import dev.thunderhead.job.JobId;
import dev.thunderhead.job.Lane;
import dev.thunderhead.job.RenderTask;
import dev.thunderhead.kafka.TaskRecords;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same request again, on any frontend, and after any crash. */
@SuppressWarnings("try")
class IdempotencyIT {
    private static final String JOBS = "/v1/jobs";
    private static final String GENERATIONS = "/v1/images/generations";
    private static final String KEY = "Idempotency-Key";
    private static final String ONE = "{\"prompt\": \"x\"}";

    @TempDir
    static Path data;

    private static Backing backing;
    private static Frontend one;
    private static Frontend other;
    private static Client client;
    private static Client otherClient;
    private static final AtomicInteger RENDERED = new AtomicInteger();
    private static FakeWorker worker;

    @BeforeAll
    static void start() throws Exception {
        backing = new Backing(data);
        one = backing.frontend(Backing.CALLS, Backing.LOCAL_CALLBACKS);
        other = backing.frontend(Backing.CALLS, Backing.LOCAL_CALLBACKS);
        client = backing.client(one);
        otherClient = backing.client(other);
        worker = new FakeWorker(backing.kafka(), backing.store, task -> {
            RENDERED.incrementAndGet();
            return FakeWorker.picture(task);
        });
    }

    @AfterAll
    static void stop() throws Exception {
        worker.close();
        one.close();
        other.close();
        backing.close();
    }

    @Test
    void ofAHundredAtOnceOnTwoFrontendsOneJobComes() throws Exception {
        int before = RENDERED.get();
        List<CompletableFuture<Client.Answer>> all = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            all.add(client.postLater(JOBS, ONE, KEY, "hundred"));
            all.add(otherClient.postLater(JOBS, ONE, KEY, "\"hundred\""));
        }
        List<String> ids = new ArrayList<>();
        for (CompletableFuture<Client.Answer> answer : all) {
            Client.Answer given = answer.get(60, TimeUnit.SECONDS);
            assertThat(given.status()).isIn(200, 202);
            ids.add(given.json().get("id").asText());
        }
        assertThat(ids.stream().distinct()).hasSize(1);
        client.get(JOBS + "/" + ids.get(0) + "?wait=30");
        assertThat(RENDERED.get() - before).isEqualTo(1);
    }

    @Test
    void theSamePictureComesAgainAndNothingIsRendered() throws Exception {
        Client.Answer first = client.post(GENERATIONS, ONE, KEY, "again");
        int rendered = RENDERED.get();
        Client.Answer second = otherClient.post(GENERATIONS, ONE, KEY, "again");
        assertThat(second.status()).isEqualTo(200);
        assertThat(second.header("x-thunderhead-job")).isEqualTo(first.header("x-thunderhead-job"));
        assertThat(second.json().get("data").get(0).get("seed"))
                .isEqualTo(first.json().get("data").get(0).get("seed"));
        assertThat(RENDERED.get()).isEqualTo(rendered);
    }

    @Test
    void anotherRequestUnderTheSameKeyIsRefused() throws Exception {
        client.post(GENERATIONS, ONE, KEY, "taken");
        long before = backing.recordsEver();
        for (Client.Answer answer : List.of(
                otherClient.post(GENERATIONS, "{\"prompt\": \"y\"}", KEY, "taken"),
                otherClient.post(GENERATIONS, ONE + " ", KEY, "taken"),
                otherClient.post(JOBS, ONE, KEY, "taken"))) {
            assertThat(answer.status()).isEqualTo(422);
            assertThat(answer.error().get("code").asText()).isEqualTo("idempotency_key_reused");
            assertThat(answer.error().get("param").asText()).isEqualTo(KEY);
        }
        assertThat(backing.recordsEver()).isEqualTo(before);
    }

    @Test
    void aKeyIsOneAccountsOwn() throws Exception {
        Client stranger = new Client(
                java.net.URI.create("http://127.0.0.1:" + one.port()),
                backing.newKey(one, "keyholder", new dev.thunderhead.frontend.account.Limits(1_000, 10))
                        .text());
        String mine = client.post(JOBS, ONE, KEY, "shared").json().get("id").asText();
        String others = stranger.post(JOBS, ONE, KEY, "shared").json().get("id").asText();
        assertThat(others).isNotEqualTo(mine);
    }

    @Test
    void withoutAKeyTwoEqualRequestsStayTwo() throws Exception {
        String first = client.post(JOBS, ONE).json().get("id").asText();
        String second = client.post(JOBS, ONE).json().get("id").asText();
        assertThat(first).isNotEqualTo(second);
    }

    @Test
    void aJobOfWhichOnlyOneTaskWasQueuedIsCompletedByTheRetry() throws Exception {
        String body = "{\"prompt\": \"x\", \"n\": 3, \"seed\": 5}";
        Account acme = new Account("acme");
        Instant before = Instant.now().minusSeconds(60);
        JobId id = JobId.create(before, new Random());
        IdempotencyKeys keys = new IdempotencyKeys(backing.store, Clock.systemUTC());
        IdempotencyKeys.Entry entry = new IdempotencyKeys.Entry(
                Fingerprint.of(JOBS, body.getBytes(StandardCharsets.UTF_8)), id.value(), 5, before, before);
        assertThat(keys.claim(acme, new IdempotencyKey("half"), entry)).isEqualTo(entry);
        GenerationRequest request = new GenerationRequestParser(
                        new ModelCatalog(List.of(Backing.MODEL), Map.of()), new HttpsAlone())
                .parse(body.getBytes(StandardCharsets.UTF_8));
        RenderTask first = new Job(
                        id,
                        acme,
                        Lane.STANDARD,
                        request,
                        5,
                        before,
                        before.plusSeconds(3_600),
                        TraceContext.continueOrStart(null, new Random()))
                .tasks(backing.objectKeys)
                .get(0);
        try (KafkaProducer<String, byte[]> producer = backing.kafka().producer(10_000)) {
            producer.send(TaskRecords.of(first)).get();
        }

        Client.Answer retry = client.post(JOBS, body, KEY, "half", "Prefer", "wait=30");
        assertThat(retry.json().get("status").asText()).isEqualTo("completed");
        assertThat(retry.json().get("data")).hasSize(3);
    }

    @Test
    void theKeyOfADeletedJobBringsItNotBack() throws Exception {
        String id = client.post(JOBS, ONE, KEY, "deleted", "Prefer", "wait=30")
                .json()
                .get("id")
                .asText();
        assertThat(client.delete(JOBS + "/" + id).status()).isEqualTo(200);
        int rendered = RENDERED.get();
        Client.Answer again = otherClient.post(JOBS, ONE, KEY, "deleted", "Prefer", "wait=5");
        assertThat(again.status()).isEqualTo(404);
        assertThat(RENDERED.get()).isEqualTo(rendered);
    }

    @Test
    void aWebhookEndpointIsMadeOnceToo() throws Exception {
        String body =
                "{\"name\": \"n\", \"url\": \"http://127.0.0.1:9/x\", \"event_types\": [\"image.generation.failed\"]}";
        List<CompletableFuture<Client.Answer>> all = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            all.add(client.postLater("/v1/webhook_endpoints", body, KEY, "endpoint"));
            all.add(otherClient.postLater("/v1/webhook_endpoints", body, KEY, "endpoint"));
        }
        List<String> answers = new ArrayList<>();
        for (CompletableFuture<Client.Answer> answer : all) {
            Client.Answer given = answer.get(60, TimeUnit.SECONDS);
            assertThat(given.status()).as(given.json().toString()).isEqualTo(200);
            answers.add(given.json().get("id").asText()
                    + given.json().get("signing_secret").asText());
        }
        assertThat(answers.stream().distinct()).hasSize(1);
        Client.Answer another = client.post("/v1/webhook_endpoints", body.replace("\"n\"", "\"m\""), KEY, "endpoint");
        assertThat(another.status()).isEqualTo(422);
    }

    @Test
    void aMalformedKeyIsNamed() throws Exception {
        for (String key : List.of("x".repeat(256), "\"", "a\"b", "\"\"")) {
            Client.Answer answer = client.post(JOBS, ONE, KEY, key);
            assertThat(answer.status()).as(key).isEqualTo(400);
            assertThat(answer.error().get("param").asText()).isEqualTo(KEY);
        }
    }

    @Test
    void aJobThatWasLostBetweenItsKeyAndItsTasksComesWithTheRetry() throws Exception {
        try (FrontendProcess dying =
                FrontendProcess.ready(data, backing.environment(), "-Dthunderhead.crash.at=KEY_WRITTEN")) {
            CompletableFuture<Client.Answer> unanswered =
                    dying.client(backing.key.text()).postLater(JOBS, ONE, KEY, "crash");
            assertThat(dying.exitStatus()).isEqualTo(137);
            assertThat(unanswered).failsWithin(java.time.Duration.ofSeconds(5));
        }
        long before = backing.recordsEver();
        Client.Answer retry = client.post(JOBS, ONE, KEY, "crash", "Prefer", "wait=30");
        assertThat(retry.json().get("status").asText()).isEqualTo("completed");
        assertThat(backing.recordsEver()).isGreaterThan(before);
        JsonNode again = otherClient.post(JOBS, ONE, KEY, "crash").json();
        assertThat(again.get("id")).isEqualTo(retry.json().get("id"));
    }
}
