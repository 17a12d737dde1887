package dev.thunderhead.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.thunderhead.frontend.account.Limits;
import dev.thunderhead.job.Account;
import dev.thunderhead.job.FailureCode;
import dev.thunderhead.job.JobId;
import dev.thunderhead.job.Outcome;
import dev.thunderhead.job.TaskId;
import dev.thunderhead.storage.ObjectKeys;
import dev.thunderhead.storage.Outcomes;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Asynchronous jobs, asked for at two frontends that share nothing but Kafka and the store. */
@SuppressWarnings("try")
class JobsIT {
    private static final String JOBS = "/v1/jobs";
    private static final String ONE = "{\"prompt\": \"x\"}";

    @TempDir
    static Path data;

    private static Backing backing;
    private static Frontend one;
    private static Frontend other;
    private static Client client;
    private static Client otherClient;

    @BeforeAll
    static void start() throws Exception {
        backing = new Backing(data);
        one = backing.frontend(Backing.CALLS);
        other = backing.frontend(Backing.CALLS);
        client = backing.client(one);
        otherClient = backing.client(other);
    }

    @AfterAll
    static void stop() throws Exception {
        one.close();
        other.close();
        backing.close();
    }

    /** Leaves no open task to the next test. */
    @AfterEach
    void finish() throws Exception {
        try (FakeWorker worker = FakeWorker.painting(backing)) {
            for (String status : List.of("queued", "in_progress")) {
                for (JsonNode job :
                        client.get(JOBS + "?limit=100&status=" + status).json().get("data")) {
                    ended(client, job.get("id").asText());
                }
            }
        }
    }

    private static JsonNode ended(Client asked, String id) throws Exception {
        JsonNode job = asked.get(JOBS + "/" + id + "?wait=30").json();
        assertThat(job.get("completed_at").isNull()).as(job.toString()).isFalse();
        return job;
    }

    private static String submitted(Client asked, String body) throws Exception {
        Client.Answer answer = asked.post(JOBS, body);
        assertThat(answer.status()).as(answer.json().toString()).isEqualTo(202);
        return answer.json().get("id").asText();
    }

    @Test
    void aJobIsAcceptedAtOnceAndTellsHowItGoes() throws Exception {
        Client.Answer accepted = client.post(
                JOBS, "{\"prompt\": \"x\", \"n\": 2, \"seed\": 7, \"metadata\": {\"campaign\": \"spring\"}}");
        assertThat(accepted.status()).isEqualTo(202);
        JsonNode job = accepted.json();
        String id = job.get("id").asText();
        assertThat(accepted.header("location")).isEqualTo(JOBS + "/" + id);
        assertThat(accepted.header("x-thunderhead-job")).isEqualTo(id);
        assertThat(job.get("object").asText()).isEqualTo("image.job");
        assertThat(job.get("status").asText()).isEqualTo("queued");
        assertThat(job.get("progress").asInt()).isZero();
        assertThat(job.get("n").asInt()).isEqualTo(2);
        assertThat(job.get("size").asText()).isEqualTo("256x256");
        assertThat(job.get("model").asText()).isEqualTo("tiny-lightning");
        assertThat(job.get("metadata").get("campaign").asText()).isEqualTo("spring");
        assertThat(job.get("created_at").asLong())
                .isBetween(Instant.now().getEpochSecond() - 60, Instant.now().getEpochSecond());
        for (String unknownYet : List.of("started_at", "completed_at", "expires_at", "error")) {
            assertThat(job.get(unknownYet).isNull()).as(unknownYet).isTrue();
        }
        assertThat(job.get("data")).isEmpty();

        try (FakeWorker worker = FakeWorker.painting(backing)) {
            JsonNode ended = ended(client, id);
            assertThat(ended.get("status").asText()).isEqualTo("completed");
            assertThat(ended.get("progress").asInt()).isEqualTo(100);
            assertThat(ended.get("started_at").asLong())
                    .isGreaterThanOrEqualTo(ended.get("created_at").asLong());
            assertThat(ended.get("expires_at").asLong()
                            - ended.get("completed_at").asLong())
                    .isEqualTo(Duration.ofDays(30).toSeconds());
            assertThat(ended.get("data")).hasSize(2);
            assertThat(ended.get("data").get(1).get("seed").asLong()).isEqualTo(8);
            assertThat(Client.fetch(ended.get("data").get(0).get("url").asText())
                            .status())
                    .isEqualTo(302);
            assertThat(ended.get("metadata").get("campaign").asText()).isEqualTo("spring");
        }
    }

    @Test
    void aPlainGenerationBecomesAJobWhenItsClientPrefers() throws Exception {
        Client.Answer accepted = client.post("/v1/images/generations", ONE, "Prefer", "respond-async");
        assertThat(accepted.status()).isEqualTo(202);
        assertThat(accepted.header("preference-applied")).isEqualTo("respond-async");
        assertThat(accepted.json().get("object").asText()).isEqualTo("image.job");

        Client.Answer late = client.post("/v1/images/generations", ONE, "Prefer", "wait=1");
        assertThat(late.status()).isEqualTo(202);
        assertThat(late.header("preference-applied")).isEqualTo("wait=1");

        try (FakeWorker worker = FakeWorker.painting(backing)) {
            Client.Answer inTime = client.post("/v1/images/generations", ONE, "Prefer", "respond-async, wait=30");
            assertThat(inTime.status()).isEqualTo(200);
            assertThat(inTime.header("preference-applied")).isEqualTo("respond-async, wait=30");
            assertThat(inTime.json().get("data").get(0).get("url").asText()).startsWith("http");
            Client.Answer job = client.post(JOBS, ONE, "Prefer", "wait=30");
            assertThat(job.status()).isEqualTo(200);
            assertThat(job.json().get("status").asText()).isEqualTo("completed");
        }
    }

    @Test
    void theOtherFrontendKnowsAJobInTheSameMillisecond() throws Exception {
        for (int i = 0; i < 50; i++) {
            String id = submitted(i % 2 == 0 ? client : otherClient, ONE);
            Client.Answer answer = (i % 2 == 0 ? otherClient : client).get(JOBS + "/" + id);
            assertThat(answer.status()).isEqualTo(200);
        }
    }

    @Test
    void aLongPollAtAnotherFrontendIsAnsweredByTheEnd() throws Exception {
        String id = submitted(client, ONE);
        CompletableFuture<Client.Answer> poll = otherClient.getLater(JOBS + "/" + id + "?wait=60");
        Client.Answer impatient = otherClient.get(JOBS + "/" + id + "?wait=1");
        assertThat(impatient.json().get("status").asText()).isEqualTo("queued");
        assertThat(poll).isNotDone();
        try (FakeWorker worker = FakeWorker.painting(backing)) {
            assertThat(poll.get(30, TimeUnit.SECONDS).json().get("status").asText())
                    .isEqualTo("completed");
        }
        Client.Answer again = otherClient.get(JOBS + "/" + id + "?wait=60");
        assertThat(again.json().get("status").asText()).isEqualTo("completed");
    }

    @Test
    void aJobOfWhichOnePictureFailsIsFailedAndKeepsTheOthers() throws Exception {
        String id = submitted(client, "{\"prompt\": \"x\", \"n\": 3, \"seed\": 10}");
        try (FakeWorker worker = new FakeWorker(
                backing.kafka(),
                backing.store,
                task -> task.seed() == 11
                        ? new Outcome.Failed(FailureCode.SPOILED_PICTURE, "try another seed", Instant.now())
                        : FakeWorker.picture(task))) {
            JsonNode job = ended(client, id);
            assertThat(job.get("status").asText()).isEqualTo("failed");
            assertThat(job.get("error").get("code").asText()).isEqualTo("spoiled_picture");
            assertThat(job.get("error").get("message").asText()).isEqualTo("try another seed");
            assertThat(job.get("data"))
                    .extracting(picture -> picture.get("seed").asLong())
                    .containsExactly(10L, 12L);
        }
    }

    @Test
    void picturesComeInlineWhereTheyWereWantedSo() throws Exception {
        try (FakeWorker worker = FakeWorker.painting(backing)) {
            String id = submitted(client, "{\"prompt\": \"x\", \"response_format\": \"b64_json\"}");
            assertThat(ended(client, id).get("data").get(0).get("b64_json").asText())
                    .isNotEmpty();
            JsonNode listed = client.get(JOBS + "?limit=1").json().get("data").get(0);
            assertThat(listed.get("id").asText()).isEqualTo(id);
            assertThat(listed.get("data").get(0).get("url").asText()).startsWith("http");
        }
    }

    @Test
    void aCancelledJobIsNeverRenderedAndSaysSoOnEveryFrontend() throws Exception {
        String id = submitted(client, "{\"prompt\": \"x\", \"n\": 2}");
        Client.Answer cancelled = otherClient.post(JOBS + "/" + id + "/cancel", "");
        assertThat(cancelled.status()).isEqualTo(200);
        assertThat(cancelled.json().get("status").asText()).isEqualTo("cancelled");
        assertThat(otherClient.get(JOBS + "/" + id).json().get("status").asText())
                .isEqualTo("cancelled");
        assertThat(ended(client, id).get("status").asText()).isEqualTo("cancelled");
        Client.Answer again = client.post(JOBS + "/" + id + "/cancel", "");
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.json().get("status").asText()).isEqualTo("cancelled");
        try (FakeWorker worker = FakeWorker.painting(backing)) {
            String after = submitted(client, ONE);
            ended(client, after);
        }
        assertThat(ended(client, id).get("data")).isEmpty();
    }

    @Test
    void aJobOfWhichOnePictureHasFailedCanStillBeCancelled() throws Exception {
        String id = submitted(client, "{\"prompt\": \"x\", \"n\": 3}");
        TaskId first = new TaskId(new JobId(id), 0);
        Outcome.Failed failed = new Outcome.Failed(FailureCode.SPOILED_PICTURE, "why", Instant.now());
        new Outcomes(backing.store).record(backing.objectKeys.outcome(new Account("acme"), first), failed);

        Client.Answer cancelled = otherClient.post(JOBS + "/" + id + "/cancel", "");
        assertThat(cancelled.status()).isEqualTo(200);
        assertThat(cancelled.json().get("status").asText()).isEqualTo("failed");
        assertThat(ended(client, id).get("error").get("code").asText()).isEqualTo("spoiled_picture");
    }

    @Test
    void aQueuedJobTellsItsPlaceAndOnceTheRateIsKnownHowLongItTakes() throws Exception {
        try (FakeWorker worker = FakeWorker.painting(backing)) {
            ended(client, submitted(client, ONE));
            ended(client, submitted(client, ONE));
        }
        submitted(client, "{\"prompt\": \"x\", \"n\": 3}");
        JsonNode job = client.post(JOBS, "{\"prompt\": \"x\", \"n\": 2}").json();
        assertThat(job.get("queue_position").asInt()).isEqualTo(3);
        JsonNode seen = otherClient.get(JOBS + "/" + job.get("id").asText()).json();
        assertThat(seen.get("queue_position").asInt()).isEqualTo(3);
        assertThat(seen.get("eta_seconds").get("p50").asDouble()).isPositive();
        assertThat(seen.get("eta_seconds").get("p90").asDouble())
                .isGreaterThan(seen.get("eta_seconds").get("p50").asDouble());
    }

    @Test
    void aFinishedJobCannotBeCancelled() throws Exception {
        try (FakeWorker worker = FakeWorker.painting(backing)) {
            String id = submitted(client, ONE);
            ended(client, id);
            Client.Answer answer = client.post(JOBS + "/" + id + "/cancel", "");
            assertThat(answer.status()).isEqualTo(409);
            assertThat(answer.error().get("code").asText()).isEqualTo("job_already_finished");
            assertThat(answer.header("x-should-retry")).isEqualTo("false");
        }
    }

    @Test
    void aCancelThatRacesAFinishHasOneTruth() throws Exception {
        try (FakeWorker worker = FakeWorker.painting(backing)) {
            for (int i = 0; i < 20; i++) {
                String id = submitted(client, "{\"prompt\": \"x\", \"n\": 2}");
                Client.Answer answer = otherClient.post(JOBS + "/" + id + "/cancel", "");
                String status = ended(client, id).get("status").asText();
                assertThat(ended(otherClient, id).get("status").asText()).isEqualTo(status);
                assertThat(answer.status()).isEqualTo(status.equals("cancelled") ? 200 : 409);
            }
        }
    }

    @Test
    void aDeletedJobIsGoneWithItsPictures() throws Exception {
        try (FakeWorker worker = FakeWorker.painting(backing)) {
            String id = submitted(client, ONE);
            String url = ended(client, id).get("data").get(0).get("url").asText();
            assertThat(Client.fetch(url).status()).isEqualTo(302);

            Client.Answer deleted = otherClient.delete(JOBS + "/" + id);
            assertThat(deleted.status()).isEqualTo(200);
            assertThat(deleted.json().get("deleted").asBoolean()).isTrue();
            for (Client asked : List.of(client, otherClient)) {
                assertThat(asked.get(JOBS + "/" + id).status()).isEqualTo(404);
                assertThat(asked.post(JOBS + "/" + id + "/cancel", "").status()).isEqualTo(404);
                assertThat(asked.delete(JOBS + "/" + id).status()).isEqualTo(404);
                assertThat(asked.get(JOBS + "?limit=100").raw().body())
                        .asString()
                        .doesNotContain(id);
            }
            assertThat(Client.fetch(url).status()).isEqualTo(404);
        }
    }

    @Test
    void deletingAnOpenJobCallsItOff() throws Exception {
        String id = submitted(client, ONE);
        assertThat(client.delete(JOBS + "/" + id).status()).isEqualTo(200);
        assertThat(client.get(JOBS + "/" + id).status()).isEqualTo(404);
        try (FakeWorker worker = FakeWorker.painting(backing)) {
            ended(client, submitted(client, ONE));
        }
        assertThat(client.get(JOBS + "/" + id).status()).isEqualTo(404);
        assertThat(backing.store
                        .get(ObjectKeys.job(new Account("acme"), new JobId(id)))
                        .orElseThrow())
                .asString()
                .contains("deleted");
    }

    @Test
    void jobsAreListedNewestFirstPageByPage() throws Exception {
        Client mine = new Client(
                URI.create("http://127.0.0.1:" + one.port()),
                backing.newKey(one, "lister", new Limits(100_000, 1_000)).text());
        List<String> ids = new ArrayList<>();
        try (FakeWorker worker = FakeWorker.painting(backing)) {
            for (int i = 0; i < 5; i++) {
                ids.add(0, submitted(mine, ONE));
                Thread.sleep(2);
            }
            for (String id : ids) {
                ended(mine, id);
            }
        }
        String open = submitted(mine, ONE);
        ids.add(0, open);

        List<String> seen = new ArrayList<>();
        String after = "";
        for (boolean more = true; more; ) {
            JsonNode page = mine.get(JOBS + "?limit=2" + after).json();
            page.get("data").forEach(job -> seen.add(job.get("id").asText()));
            assertThat(page.get("first_id").asText())
                    .isEqualTo(page.get("data").get(0).get("id").asText());
            after = "&after=" + page.get("last_id").asText();
            more = page.get("has_more").asBoolean();
        }
        assertThat(seen).isEqualTo(ids);
        assertThat(mine.get(JOBS + "?status=queued").json().get("data"))
                .extracting(job -> job.get("id").asText())
                .containsExactly(open);
        assertThat(mine.get(JOBS + "?status=completed&limit=3").json().get("data"))
                .extracting(job -> job.get("id").asText())
                .isEqualTo(ids.subList(1, 4));
        assertThat(mine.get(JOBS + "?status=failed").json().get("data")).isEmpty();

        assertThat(client.get(JOBS + "?after=" + open).status()).isEqualTo(400);
        assertThat(client.get(JOBS + "?after=" + open).error().get("param").asText())
                .isEqualTo("after");
        mine.post(JOBS + "/" + open + "/cancel", "");
    }

    @Test
    void anothersJobLooksLikeNone() throws Exception {
        Client stranger = new Client(
                URI.create("http://127.0.0.1:" + one.port()),
                backing.newKey(one, "stranger", new Limits(100_000, 1_000)).text());
        String id = submitted(client, ONE);
        String unknown = "job_" + "0".repeat(26);
        for (String action : List.of("GET", "CANCEL", "DELETE")) {
            Client.Answer foreign = act(stranger, action, id);
            Client.Answer none = act(stranger, action, unknown);
            assertThat(foreign.status()).isEqualTo(404);
            assertThat(foreign.json().toString().replace(id, "X"))
                    .isEqualTo(none.json().toString().replace(unknown, "X"));
            assertThat(act(stranger, action, "nonsense").status()).isEqualTo(404);
        }
        assertThat(client.get(JOBS + "/" + id).status()).isEqualTo(200);
    }

    private static Client.Answer act(Client client, String action, String id) throws Exception {
        return switch (action) {
            case "GET" -> client.get(JOBS + "/" + id);
            case "CANCEL" -> client.post(JOBS + "/" + id + "/cancel", "");
            default -> client.delete(JOBS + "/" + id);
        };
    }

    @Test
    void badInputIsNamedAndNothingIsQueued() throws Exception {
        String id = submitted(client, ONE);
        long before = backing.recordsEver();
        for (String wait : List.of("-1", "1e9", "61", "x", "1.5", "99999999999")) {
            Client.Answer answer = client.get(JOBS + "/" + id + "?wait=" + wait);
            assertThat(answer.status()).as(wait).isEqualTo(400);
            assertThat(answer.error().get("param").asText()).isEqualTo("wait");
        }
        for (String prefer : List.of("wait=-1", "wait=1e9", "wait=", "respond-async wait", "=")) {
            for (String path : List.of(JOBS, "/v1/images/generations")) {
                Client.Answer answer = client.post(path, ONE, "Prefer", prefer);
                assertThat(answer.status()).as(prefer).isEqualTo(400);
                assertThat(answer.error().get("param").asText()).isEqualTo("Prefer");
            }
        }
        for (String query : List.of("limit=0", "limit=101", "limit=x", "status=done", "after=x")) {
            Client.Answer answer = client.get(JOBS + "?" + query);
            assertThat(answer.status()).as(query).isEqualTo(400);
            assertThat(answer.error().get("param").asText()).isEqualTo(query.replaceAll("=.*", ""));
        }
        for (String url : List.of(
                "https://user:secret@hooks.example/x",
                "https://hooks.example/x#fragment",
                "ftp://hooks.example/x",
                "https://127.0.0.1/x",
                "https://2130706433/x",
                "https://[::ffff:10.0.0.1]/x",
                "https://hooks.example/" + "x".repeat(3_000))) {
            Client.Answer answer = client.post(JOBS, "{\"prompt\": \"x\", \"webhook_url\": \"" + url + "\"}");
            assertThat(answer.status()).as(url).isEqualTo(400);
            assertThat(answer.error().get("param").asText()).isEqualTo("webhook_url");
        }
        Client.Answer streamed = client.post(JOBS, "{\"prompt\": \"x\", \"stream\": true}");
        assertThat(streamed.status()).isEqualTo(400);
        assertThat(streamed.error().get("param").asText()).isEqualTo("stream");
        assertThat(backing.recordsEver()).isEqualTo(before);
    }
}
