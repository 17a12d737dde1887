package dev.thunderhead.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.Headers;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.models.webhooks.BatchCompletedWebhookEvent;
import com.openai.models.webhooks.UnwrapWebhookEvent;
import com.openai.models.webhooks.WebhookCreateParams;
import com.openai.models.webhooks.WebhookEndpoint;
import com.openai.models.webhooks.WebhookEndpointTestResult;
import com.openai.models.webhooks.WebhookEndpointWithSecret;
import com.openai.models.webhooks.WebhookListPage;
import com.openai.models.webhooks.WebhookListParams;
import com.openai.models.webhooks.WebhookRotateSecretParams;
import com.openai.models.webhooks.WebhookTestParams;
import com.openai.models.webhooks.WebhookUpdateParams;
import com.openai.models.webhooks.WebhookVerificationParams;
import com.standardwebhooks.Webhook;
import dev.thunderhead.frontend.account.ApiKey;
import dev.thunderhead.frontend.account.Limits;
import dev.thunderhead.frontend.media.StableAddresses;
import dev.thunderhead.frontend.queue.KafkaDeliveryJournal;
import dev.thunderhead.frontend.webhook.CallbackPlanner;
import dev.thunderhead.frontend.webhook.DeliveryLog;
import dev.thunderhead.frontend.webhook.Endpoints;
import dev.thunderhead.frontend.webhook.Reach;
import dev.thunderhead.frontend.webhook.Receiver;
import dev.thunderhead.frontend.webhook.Schedule;
import dev.thunderhead.frontend.webhook.WebhookSettings;
import dev.thunderhead.job.Account;
import dev.thunderhead.job.BatchEvent;
import dev.thunderhead.job.Callback;
import dev.thunderhead.job.JobEvent;
import dev.thunderhead.job.JobRecord;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Webhooks as their users see them: the real API, Kafka and store, and receivers that are called over HTTP. */
@SuppressWarnings("try")
class WebhooksIT {
    private static final WebhookSettings QUICK = new WebhookSettings(
            Reach.ANYWHERE,
            Schedule.parse("200ms,200ms,200ms,200ms"),
            Duration.ofSeconds(3),
            4,
            Duration.ofDays(5),
            new WebhookSettings.Breaker(5, Duration.ofMillis(300), Duration.ofSeconds(1)));
    private static final Account ACME = new Account("acme");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    static Path data;

    private static Backing backing;
    private static Frontend frontend;
    private static Client client;
    private static KafkaDeliveryJournal journal;
    private static CallbackPlanner planner;

    @BeforeAll
    static void start() throws Exception {
        backing = new Backing(data);
        frontend = backing.frontend(Backing.CALLS, QUICK);
        client = backing.client(frontend);
        // As a finisher has it, on whatever frontend.
        journal = new KafkaDeliveryJournal(backing.kafka(), Duration.ofSeconds(10));
        planner = new CallbackPlanner(
                new Endpoints(backing.store),
                new DeliveryLog(backing.store),
                journal,
                new StableAddresses(() -> URI.create("https://pictures.example"), backing.objectKeys));
    }

    @AfterAll
    static void stop() throws Exception {
        journal.close();
        frontend.close();
        backing.close();
    }

    private static OpenAIClient openai(String key) {
        return OpenAIOkHttpClient.builder()
                .baseUrl("http://127.0.0.1:" + frontend.port() + "/v1")
                .apiKey(key)
                .maxRetries(0)
                .build();
    }

    /** An endpoint with a key of its own account, so that tests do not hear of each other's jobs. */
    private record Subscriber(Account account, Client client, String id, String secret) {
        static Subscriber of(String account, String url) throws Exception {
            return of(account, url, "");
        }

        static Subscriber of(String account, String url, String more) throws Exception {
            ApiKey key = backing.newKey(frontend, account, new Limits(10_000, 100));
            Client client = new Client(URI.create("http://127.0.0.1:" + frontend.port()), key.text());
            JsonNode created = client.post(
                            "/v1/webhook_endpoints",
                            "{\"name\": \"test\", \"url\": \"" + url + "\", \"event_types\": ["
                                    + "\"image.generation.completed\", \"image.generation.failed\"]" + more + "}")
                    .json();
            return new Subscriber(
                    new Account(account),
                    client,
                    created.get("id").asText(),
                    created.get("signing_secret").asText());
        }

        JsonNode endpoint() throws Exception {
            return client.get("/v1/webhook_endpoints/" + id).json();
        }

        JsonNode deliveries() throws Exception {
            return client.get("/v1/webhook_endpoints/" + id + "/deliveries")
                    .json()
                    .get("data");
        }
    }

    private static void awaitCalls(Receiver receiver, int count) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(receiver.calls()).hasSizeGreaterThanOrEqualTo(count));
    }

    private static void verify(Receiver.Call call, String secret) throws Exception {
        new Webhook(secret)
                .verify(
                        call.body(),
                        Map.of(
                                "webhook-id", List.of(call.id()),
                                "webhook-timestamp", List.of(call.timestamp()),
                                "webhook-signature", List.of(call.signature())));
    }

    private static UnwrapWebhookEvent unwrap(Receiver.Call call, String secret) {
        return openai("th_any")
                .webhooks()
                .unwrap(WebhookVerificationParams.builder()
                        .payload(call.body())
                        .secret(secret)
                        .headers(Headers.builder()
                                .put("webhook-id", call.id())
                                .put("webhook-timestamp", call.timestamp())
                                .put("webhook-signature", call.signature())
                                .build())
                        .build());
    }

    @Test
    void openAisClientManagesEndpoints() throws Exception {
        try (Receiver receiver = new Receiver(call -> 204)) {
            OpenAIClient own = openai(
                    backing.newKey(frontend, "openai", new Limits(1000, 10)).text());
            WebhookEndpointWithSecret created = own.webhooks()
                    .create(WebhookCreateParams.builder()
                            .name("pictures")
                            .url(receiver.url("/in"))
                            .addEventType(WebhookCreateParams.EventType.of("image.generation.completed"))
                            .build());
            assertThat(created.id()).startsWith("we_");
            assertThat(created.signingSecret()).startsWith("whsec_");
            assertThat(created.eventTypes()).containsExactly("image.generation.completed");
            assertThat(created._object_().asStringOrThrow()).isEqualTo("webhook_endpoint");

            WebhookEndpoint read = own.webhooks().retrieve(created.id());
            assertThat(read.url()).isEqualTo(receiver.url("/in"));
            assertThat(read.signingSecretHint().orElseThrow())
                    .startsWith("whsec_")
                    .hasSizeLessThan(16);

            WebhookEndpoint renamed = own.webhooks()
                    .update(WebhookUpdateParams.builder()
                            .webhookEndpointId(created.id())
                            .name("others")
                            .build());
            assertThat(renamed.name()).isEqualTo("others");
            assertThat(renamed.url()).isEqualTo(receiver.url("/in"));

            WebhookEndpointTestResult tested = own.webhooks()
                    .test(WebhookTestParams.builder()
                            .webhookEndpointId(created.id())
                            .eventType(WebhookTestParams.EventType.of("image.generation.completed"))
                            .build());
            assertThat(tested.statusCode()).isEqualTo(204);
            Receiver.Call sample = receiver.calls().get(0);
            verify(sample, created.signingSecret());
            assertThat(unwrap(sample, created.signingSecret())).isNotNull();

            WebhookEndpointWithSecret rotated = own.webhooks()
                    .rotateSecret(WebhookRotateSecretParams.builder()
                            .webhookEndpointId(created.id())
                            .build());
            assertThat(rotated.signingSecret()).isNotEqualTo(created.signingSecret());

            assertThat(own.webhooks().delete(created.id()).deleted()).isTrue();
            assertThatThrownBy(() -> own.webhooks().retrieve(created.id())).isInstanceOf(NotFoundException.class);
            assertThatThrownBy(() -> own.webhooks().delete(created.id())).isInstanceOf(NotFoundException.class);
        }
    }

    @Test
    void endpointsAreListedPageByPageTheNewestFirst() throws Exception {
        OpenAIClient own =
                openai(backing.newKey(frontend, "pages", new Limits(1000, 10)).text());
        List<String> ids = new java.util.ArrayList<>();
        for (int i = 0; i < Endpoints.MOST; i++) {
            ids.add(
                    0,
                    own.webhooks()
                            .create(WebhookCreateParams.builder()
                                    .name("number " + i)
                                    .url("http://127.0.0.1:1/")
                                    .addEventType(WebhookCreateParams.EventType.of("image.generation.failed"))
                                    .build())
                            .id());
        }
        WebhookListPage page =
                own.webhooks().list(WebhookListParams.builder().limit(7).build());
        assertThat(page.data()).extracting(WebhookEndpoint::id).isEqualTo(ids.subList(0, 7));
        assertThat(page.hasMore()).contains(true);
        assertThat(page.autoPager().stream().map(WebhookEndpoint::id).toList()).isEqualTo(ids);
        assertThatThrownBy(() -> own.webhooks()
                        .create(WebhookCreateParams.builder()
                                .name("one too many")
                                .url("http://127.0.0.1:1/")
                                .addEventType(WebhookCreateParams.EventType.of("image.generation.failed"))
                                .build()))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("16");
        String foreign = Subscriber.of("pages-other", "http://127.0.0.1:1/").id();
        for (String cursor : List.of(foreign, "we_nothing", "x")) {
            assertThatThrownBy(() -> own.webhooks()
                            .list(WebhookListParams.builder().after(cursor).build()))
                    .isInstanceOfSatisfying(
                            BadRequestException.class,
                            problem -> assertThat(problem.param()).contains("after"));
        }
    }

    @Test
    void anotherAccountsEndpointIsAsUnknownAsNone() throws Exception {
        Subscriber other = Subscriber.of("stranger", "http://127.0.0.1:1/");
        String unknown = "we_" + "0".repeat(32);
        for (String rest : List.of("", "/deliveries")) {
            Client.Answer foreign = client.get("/v1/webhook_endpoints/" + other.id() + rest);
            assertThat(foreign.status()).isEqualTo(404);
            assertThat(foreign.json())
                    .isEqualTo(client.get("/v1/webhook_endpoints/" + unknown + rest)
                            .json());
            assertThat(foreign.json())
                    .isEqualTo(client.get("/v1/webhook_endpoints/x" + rest).json());
        }
        for (String rest : List.of("", "/rotate_secret", "/test", "/deliveries/msg_1/redeliver")) {
            assertThat(client.post("/v1/webhook_endpoints/" + other.id() + rest, "{}")
                            .status())
                    .as(rest)
                    .isEqualTo(404);
        }
        assertThat(other.endpoint().get("name").asText()).isEqualTo("test");
    }

    @Test
    void whatIsWrongIsNamed() throws Exception {
        Map<String, String> wrong = Map.of(
                "{\"url\": \"http://127.0.0.1:1/\", \"event_types\": [\"image.generation.failed\"]}",
                "name",
                "{\"name\": \"x\", \"event_types\": [\"image.generation.failed\"]}",
                "url",
                "{\"name\": \"x\", \"url\": \"http://127.0.0.1:1/\"}",
                "event_types",
                "{\"name\": \"x\", \"url\": \"http://127.0.0.1:1/\", \"event_types\": []}",
                "event_types",
                "{\"name\": \"x\", \"url\": \"http://127.0.0.1:1/\", \"event_types\": [\"a.b\"]}",
                "event_types",
                "{\"name\": \"x\", \"url\": \"ftp://127.0.0.1/\", \"event_types\": [\"image.generation.failed\"]}",
                "url",
                "{\"name\": \"x\", \"url\": \"http://nowhere.invalid/\","
                        + " \"event_types\": [\"image.generation.failed\"]}",
                "url",
                "{\"nam\": \"x\"}",
                "nam",
                "{\"name\": \"\", \"url\": \"http://127.0.0.1:1/\", \"event_types\": [\"image.generation.failed\"]}",
                "name");
        for (Map.Entry<String, String> one : wrong.entrySet()) {
            Client.Answer answer = client.post("/v1/webhook_endpoints", one.getKey());
            assertThat(answer.status()).as(one.getKey()).isEqualTo(400);
            assertThat(answer.error().get("param").asText()).as(one.getKey()).isEqualTo(one.getValue());
        }
        for (String query : List.of("limit=0", "limit=101", "limit=x", "order=up")) {
            Client.Answer answer = client.get("/v1/webhook_endpoints?" + query);
            assertThat(answer.status()).isEqualTo(400);
            assertThat(query).startsWith(answer.error().get("param").asText());
        }
    }

    @Test
    void whoeverWantsToHearOfAJobIsCalledOnceWithASignedEvent() throws Exception {
        try (Receiver receiver = new Receiver(call -> 200)) {
            Subscriber subscriber = Subscriber.of("happy", receiver.url("/in"), ", \"include\": [\"data\"]");
            JobRecord.Finished job = FinishedJobs.completed(subscriber.account());
            planner.plan(job, true);
            planner.plan(job, true);
            awaitCalls(receiver, 1);
            await().atMost(PATIENCE).until(() -> subscriber.deliveries().size() == 1);
            planner.plan(job, true);
            planner.plan(
                    FinishedJobs.of(subscriber.account(), Map.of(), Optional.empty(), FinishedJobs.failed()), true);
            planner.plan(
                    FinishedJobs.of(subscriber.account(), Map.of(), Optional.empty(), FinishedJobs.cancelled()), true);
            awaitCalls(receiver, 2);
            await().atMost(PATIENCE).until(() -> subscriber.deliveries().size() == 2);

            assertThat(receiver.calls()).hasSize(2);
            Receiver.Call call = receiver.calls().get(0);
            verify(call, subscriber.secret());
            assertThat(unwrap(call, subscriber.secret())).isNotNull();
            assertThat(call.id()).matches("msg_[0-9a-f]{44}");
            assertThat(call.header("content-type")).isEqualTo("application/json");
            assertThat(call.header("user-agent")).startsWith("Thunderhead");
            JsonNode event = Client.JSON.readTree(call.body());
            assertThat(event.get("object").asText()).isEqualTo("event");
            assertThat(event.get("id").asText()).startsWith("evt_");
            assertThat(event.get("type").asText()).isEqualTo("image.generation.completed");
            assertThat(event.get("created_at").asLong())
                    .isEqualTo(job.completedAt().getEpochSecond());
            assertThat(event.at("/data/id").asText()).isEqualTo(job.id().value());
            assertThat(event.at("/data/status").asText()).isEqualTo("completed");
            assertThat(event.at("/data/metadata/campaign").asText()).isEqualTo("sömmer");
            assertThat(event.at("/data/data/0/url").asText()).startsWith("https://pictures.example/media/happy-");
            JsonNode failed = Client.JSON.readTree(receiver.calls().get(1).body());
            assertThat(failed.get("type").asText()).isEqualTo("image.generation.failed");
            assertThat(failed.at("/data/error/code").asText()).isEqualTo("render_failed");
            assertThat(failed.at("/data/data")).hasSize(1);

            JsonNode delivered = subscriber.deliveries().get(1);
            assertThat(delivered.get("id").asText()).isEqualTo(call.id());
            assertThat(subscriber.endpoint().has("signing_secret")).isFalse();
            assertThat(delivered.get("status").asText()).isEqualTo("succeeded");
            assertThat(delivered.at("/attempts/0/status").asInt()).isEqualTo(200);
            assertThat(delivered.at("/attempts/0/latency_ms").isNumber()).isTrue();
        }
    }

    @Test
    void openAisClientReadsWhatItIsToldOfABatch() throws Exception {
        try (Receiver receiver = new Receiver(call -> 200)) {
            OpenAIClient own = openai(
                    backing.newKey(frontend, "batches", new Limits(1000, 10)).text());
            WebhookEndpointWithSecret endpoint = own.webhooks()
                    .create(WebhookCreateParams.builder()
                            .name("batches")
                            .url(receiver.url("/in"))
                            .addEventType(WebhookCreateParams.EventType.of("batch.completed"))
                            .addEventType(WebhookCreateParams.EventType.of("batch.failed"))
                            .addEventType(WebhookCreateParams.EventType.of("batch.expired"))
                            .addEventType(WebhookCreateParams.EventType.of("batch.cancelled"))
                            .build());
            Instant end = Instant.now();
            for (BatchEvent event : BatchEvent.values()) {
                planner.plan(new Account("batches"), "batch_" + event.name(), event, end);
                planner.plan(new Account("batches"), "batch_" + event.name(), event, end);
            }
            awaitCalls(receiver, 4);
            Thread.sleep(500);
            assertThat(receiver.calls()).hasSize(4);
            List<UnwrapWebhookEvent> events = receiver.calls().stream()
                    .map(call -> unwrap(call, endpoint.signingSecret()))
                    .toList();
            assertThat(events)
                    .filteredOn(UnwrapWebhookEvent::isBatchCompleted)
                    .singleElement()
                    .satisfies(event -> {
                        BatchCompletedWebhookEvent completed = event.asBatchCompleted();
                        completed.validate();
                        assertThat(completed.data().id()).isEqualTo("batch_COMPLETED");
                        assertThat(completed.createdAt()).isEqualTo(end.getEpochSecond());
                    });
            assertThat(events).filteredOn(UnwrapWebhookEvent::isBatchFailed).hasSize(1);
            assertThat(events).filteredOn(UnwrapWebhookEvent::isBatchExpired).hasSize(1);
            assertThat(events).filteredOn(UnwrapWebhookEvent::isBatchCancelled).hasSize(1);

            WebhookEndpointTestResult tested = own.webhooks()
                    .test(WebhookTestParams.builder()
                            .webhookEndpointId(endpoint.id())
                            .eventType(WebhookTestParams.EventType.of("batch.expired"))
                            .build());
            assertThat(tested.statusCode()).isEqualTo(200);
            assertThat(unwrap(receiver.calls().get(4), endpoint.signingSecret()).isBatchExpired())
                    .isTrue();
        }
        assertThat(client.get("/v1/webhook_event_types").json().get("data"))
                .hasSize(7)
                .extracting(JsonNode::asText)
                .contains("batch.completed", "image.generation.completed");
    }

    @Test
    void theAddressThatCameWithARequestIsCalledToo() throws Exception {
        try (Receiver receiver = new Receiver(call -> 200)) {
            String secret =
                    client.get("/v1/webhooks/default/secret").json().get("key").asText();
            assertThat(client.get("/v1/webhooks/default/secret")
                            .json()
                            .get("key")
                            .asText())
                    .isEqualTo(secret);
            Callback callback = new Callback(receiver.url("/mine?token=1"), Set.of(JobEvent.COMPLETED), true);
            planner.plan(FinishedJobs.of(ACME, Map.of(), Optional.of(callback)), true);
            planner.plan(FinishedJobs.of(ACME, Map.of(), Optional.of(callback), FinishedJobs.failed()), true);
            awaitCalls(receiver, 1);

            verify(receiver.calls().get(0), secret);
            assertThat(receiver.calls().get(0).path()).isEqualTo("/mine?token=1");
            await().atMost(PATIENCE)
                    .until(() -> client.get("/v1/webhooks/default/deliveries")
                                    .json()
                                    .get("data")
                                    .size()
                            == 1);
            assertThat(receiver.calls()).hasSize(1);
        }
    }

    @Test
    void aCallThatFailsIsMadeAgainWithTheSameIdAndBytes() throws Exception {
        AtomicInteger count = new AtomicInteger();
        try (Receiver receiver = new Receiver(call -> count.incrementAndGet() < 3 ? 500 : 200)) {
            Subscriber subscriber = Subscriber.of("retry", receiver.url("/"));
            planner.plan(FinishedJobs.completed(subscriber.account()), true);
            awaitCalls(receiver, 3);

            assertThat(receiver.calls().stream().map(Receiver.Call::id).distinct())
                    .hasSize(1);
            assertThat(receiver.calls().stream().map(Receiver.Call::body).distinct())
                    .hasSize(1);
            await().atMost(PATIENCE).untilAsserted(() -> {
                JsonNode delivery = subscriber.deliveries().get(0);
                assertThat(delivery.get("status").asText()).isEqualTo("succeeded");
                assertThat(delivery.get("attempts")).hasSize(3);
                assertThat(delivery.at("/attempts/0/status").asInt()).isEqualTo(500);
                assertThat(delivery.at("/attempts/0/error").asText()).contains("500");
            });
            await().atMost(PATIENCE).until(() -> subscriber.endpoint().get("failing_since") == null);
        }
    }

    @Test
    void aCallIsGivenUpAfterTheWholeSchedule() throws Exception {
        try (Receiver receiver = new Receiver(call -> 503)) {
            Subscriber subscriber = Subscriber.of("hopeless", receiver.url("/"));
            planner.plan(FinishedJobs.completed(subscriber.account()), true);
            await().atMost(PATIENCE)
                    .until(() ->
                            subscriber.deliveries().at("/0/status").asText().equals("failed"));
            assertThat(receiver.calls()).hasSize(QUICK.schedule().pauses().size() + 1);
            assertThat(subscriber.deliveries().at("/0/attempts"))
                    .hasSize(receiver.calls().size());
            assertThat(subscriber.endpoint().get("failing_since").isNumber()).isTrue();
            assertThat(subscriber.endpoint().get("enabled").asBoolean()).isTrue();
        }
    }

    @Test
    void aSlowReceiverDelaysNobodyElse() throws Exception {
        CountDownLatch othersDone = new CountDownLatch(1);
        try (Receiver slow = new Receiver(call -> {
                    othersDone.await();
                    return 200;
                });
                Receiver quick = new Receiver(call -> 200)) {
            Subscriber patient = Subscriber.of("slow", slow.url("/"));
            Subscriber hasty = Subscriber.of("quick", quick.url("/"));
            for (int i = 0; i < 40; i++) {
                planner.plan(FinishedJobs.completed(patient.account()), true);
            }
            awaitCalls(slow, QUICK.concurrency());
            for (int i = 0; i < 40; i++) {
                planner.plan(FinishedJobs.completed(hasty.account()), true);
            }
            // The slow one has not answered a single call until then.
            awaitCalls(quick, 40);
            othersDone.countDown();
            awaitCalls(slow, 40);
        }
    }

    @Test
    void aReceiverThatIsGoneIsCalledNoMore() throws Exception {
        try (Receiver receiver = new Receiver(call -> 410)) {
            Subscriber subscriber = Subscriber.of("gone", receiver.url("/"));
            planner.plan(FinishedJobs.completed(subscriber.account()), true);
            await().atMost(PATIENCE)
                    .until(() -> !subscriber.endpoint().get("enabled").asBoolean());
            assertThat(subscriber.endpoint().get("disabled_reason").asText()).isEqualTo("gone");
            planner.plan(FinishedJobs.completed(subscriber.account()), true);
            assertThat(receiver.calls()).hasSize(1);

            receiver.behave(call -> 200);
            String path = "/v1/webhook_endpoints/" + subscriber.id();
            // The history is written down a moment later.
            await().atMost(PATIENCE).until(() -> !subscriber.deliveries().isEmpty());
            String delivery = subscriber.deliveries().at("/0/id").asText();
            assertThat(subscriber
                            .client()
                            .post(path + "/deliveries/" + delivery + "/redeliver", "")
                            .status())
                    .isEqualTo(409);
            assertThat(subscriber
                            .client()
                            .post(path, "{\"enabled\": true}")
                            .json()
                            .get("enabled")
                            .asBoolean())
                    .isTrue();
            await().atMost(PATIENCE)
                    .until(() -> subscriber
                                    .client()
                                    .post(path + "/deliveries/" + delivery + "/redeliver", "")
                                    .status()
                            == 200);
            awaitCalls(receiver, 2);
            assertThat(receiver.calls().get(1).id()).isEqualTo(delivery);
            assertThat(receiver.calls().get(1).body())
                    .isEqualTo(receiver.calls().get(0).body());
        }
    }

    @Test
    void whatWasDeliveredIsDeliveredAgainOnRequest() throws Exception {
        try (Receiver receiver = new Receiver(call -> 200)) {
            Subscriber subscriber = Subscriber.of("again", receiver.url("/"));
            JobRecord.Finished job = FinishedJobs.completed(subscriber.account());
            planner.plan(job, true);
            await().atMost(PATIENCE).until(() -> subscriber.deliveries().size() == 1);
            String id = subscriber.deliveries().at("/0/id").asText();
            String path = "/v1/webhook_endpoints/" + subscriber.id() + "/deliveries/" + id + "/redeliver";
            for (int round = 1; round <= 3; round++) {
                int attempts = round + 1;
                assertThat(subscriber
                                .client()
                                .post(path, "")
                                .json()
                                .get("status")
                                .asText())
                        .isEqualTo("pending");
                await().atMost(PATIENCE)
                        .until(() -> subscriber.deliveries().at("/0/attempts").size() == attempts);
            }
            assertThat(receiver.calls().stream().map(Receiver.Call::id).distinct())
                    .containsExactly(id);
            assertThat(receiver.calls().stream().map(Receiver.Call::body).distinct())
                    .hasSize(1);
            assertThat(subscriber.client().post(path.replace(id, "msg_x"), "").status())
                    .isEqualTo(404);
            planner.plan(job, true);
            assertThat(receiver.calls()).hasSize(4);
        }
    }

    @Test
    void aReceiverIsLeftAloneAsLongAsItAsks() throws Exception {
        AtomicInteger count = new AtomicInteger();
        try (Receiver receiver = new Receiver(call -> {
            if (count.incrementAndGet() == 1) {
                call.exchange().getResponseHeaders().set("Retry-After", "2");
                return 429;
            }
            return 200;
        })) {
            Subscriber subscriber = Subscriber.of("later", receiver.url("/"));
            planner.plan(FinishedJobs.completed(subscriber.account()), true);
            awaitCalls(receiver, 1);
            planner.plan(FinishedJobs.completed(subscriber.account()), true);
            awaitCalls(receiver, 3);
            long first = Long.parseLong(receiver.calls().get(0).timestamp());
            // Its own clock tells, since the stamps are whole seconds.
            assertThat(receiver.calls().subList(1, 3))
                    .allSatisfy(
                            call -> assertThat(Long.parseLong(call.timestamp())).isGreaterThanOrEqualTo(first + 2));
        }
    }

    @Test
    void redirectsAreNotFollowed() throws Exception {
        try (Receiver inner = new Receiver(call -> 200);
                Receiver outer = new Receiver(call -> {
                    call.exchange().getResponseHeaders().set("Location", inner.url("/metadata"));
                    return 307;
                })) {
            Subscriber subscriber = Subscriber.of("redirect", outer.url("/"));
            planner.plan(FinishedJobs.completed(subscriber.account()), true);
            await().atMost(PATIENCE)
                    .until(() ->
                            subscriber.deliveries().at("/0/status").asText().equals("failed"));
            assertThat(subscriber.deliveries().at("/0/attempts/0/status").asInt())
                    .isEqualTo(307);
            assertThat(subscriber.deliveries().at("/0/attempts/0/error").asText())
                    .contains("redirect");
            assertThat(inner.calls()).isEmpty();
        }
    }

    @Test
    void bothSecretsSignWhileTheyOverlap() throws Exception {
        try (Receiver receiver = new Receiver(call -> 200)) {
            Subscriber subscriber = Subscriber.of("rotate", receiver.url("/"));
            String path = "/v1/webhook_endpoints/" + subscriber.id() + "/rotate_secret";
            String second = subscriber
                    .client()
                    .post(path, "{\"keep_old_secret_active_for_24_hours\": true}")
                    .json()
                    .get("signing_secret")
                    .asText();
            planner.plan(FinishedJobs.completed(subscriber.account()), true);
            awaitCalls(receiver, 1);
            Receiver.Call overlapping = receiver.calls().get(0);
            assertThat(overlapping.signature().split(" ")).hasSize(2);
            verify(overlapping, subscriber.secret());
            verify(overlapping, second);
            assertThat(unwrap(overlapping, second)).isNotNull();

            String third = subscriber
                    .client()
                    .post(path, "")
                    .json()
                    .get("signing_secret")
                    .asText();
            await().atMost(PATIENCE).untilAsserted(() -> {
                planner.plan(FinishedJobs.completed(subscriber.account()), true);
                Receiver.Call last = receiver.calls().get(receiver.calls().size() - 1);
                assertThat(last.signature().split(" ")).hasSize(1);
                verify(last, third);
                assertThatThrownBy(() -> verify(last, second)).isNotNull();
            });
        }
    }

    @Test
    void whatADeletedEndpointHadComingIsDropped() throws Exception {
        try (Receiver receiver = new Receiver(call -> {
            call.exchange().getResponseHeaders().set("Retry-After", "2");
            return 500;
        })) {
            Subscriber subscriber = Subscriber.of("dropped", receiver.url("/"));
            planner.plan(FinishedJobs.completed(subscriber.account()), true);
            awaitCalls(receiver, 1);
            assertThat(subscriber
                            .client()
                            .delete("/v1/webhook_endpoints/" + subscriber.id())
                            .json())
                    .isEqualTo(Client.JSON.readTree("{\"id\": \"" + subscriber.id()
                            + "\", \"object\": \"webhook_endpoint.deleted\", \"deleted\": true}"));
            await().atMost(PATIENCE).until(() -> Backing.metric(frontend, "thunderhead_webhook_pending") == 0);
            assertThat(receiver.calls()).hasSize(1);
        }
    }
}
