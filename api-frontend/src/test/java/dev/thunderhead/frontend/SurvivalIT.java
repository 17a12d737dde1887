package dev.thunderhead.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.thunderhead.frontend.webhook.Receiver;
import dev.thunderhead.job.Account;
import dev.thunderhead.job.JobId;
import dev.thunderhead.job.Outcome;
import dev.thunderhead.storage.ObjectKeys;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Frontends that are killed, at any moment. */
@Tag("survival")
@SuppressWarnings("try")
@Execution(ExecutionMode.CONCURRENT)
class SurvivalIT {
    private static final String JOBS = "/v1/jobs";
    private static final Account ACME = new Account("acme");

    @TempDir
    Path data;

    private Backing backing;

    @BeforeEach
    void start() throws Exception {
        backing = new Backing(data);
    }

    @AfterEach
    void stop() {
        backing.close();
    }

    private FrontendProcess process(String... flags) throws Exception {
        Map<String, String> environment = new HashMap<>(backing.environment());
        environment.put("THUNDERHEAD_WEBHOOK_ALLOW_PRIVATE", "true");
        return FrontendProcess.ready(data, environment, flags);
    }

    private static String submitted(Client client) throws Exception {
        return submitted(client, "");
    }

    private static String submitted(Client client, String more) throws Exception {
        Client.Answer answer =
                client.post(JOBS, "{\"prompt\": \"x\", \"n\": 2, \"metadata\": {\"k\": \"v\"}" + more + "}");
        assertThat(answer.status()).isEqualTo(202);
        return answer.json().get("id").asText();
    }

    @Test
    void aJobOutlivesTheFrontendThatTookItAndThenEveryFrontend() throws Exception {
        List<String> ids = new ArrayList<>();
        try (Frontend other = backing.frontend(Backing.CALLS)) {
            Client asked = backing.client(other);
            try (FrontendProcess first = process()) {
                for (int i = 0; i < 20; i++) {
                    ids.add(submitted(first.client(backing.key.text())));
                    assertThat(asked.get(JOBS + "/" + ids.get(i)).status()).isEqualTo(200);
                }
                first.kill();
            }
            for (String id : ids) {
                assertThat(asked.get(JOBS + "/" + id).json().get("status").asText())
                        .isEqualTo("queued");
            }
        }
        try (Frontend fresh = backing.frontend(Backing.CALLS)) {
            Client asked = backing.client(fresh);
            for (String id : ids) {
                JsonNode job = asked.get(JOBS + "/" + id).json();
                assertThat(job.get("status").asText()).isEqualTo("queued");
                assertThat(job.get("metadata").get("k").asText()).isEqualTo("v");
            }
            try (FakeWorker worker = FakeWorker.painting(backing)) {
                for (String id : ids) {
                    assertThat(asked.get(JOBS + "/" + id + "?wait=30")
                                    .json()
                                    .get("status")
                                    .asText())
                            .isEqualTo("completed");
                }
            }
        }
        try (Frontend last = backing.frontend(Backing.CALLS)) {
            for (String id : ids) {
                JsonNode job = backing.client(last).get(JOBS + "/" + id).json();
                assertThat(job.get("status").asText()).isEqualTo("completed");
                assertThat(job.get("data")).hasSize(2);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"OUTCOMES_COMPLETE", "RECORD_WRITTEN", "CALLBACKS_PLANNED"})
    void theFinishersWorkIsDoneOnceWhereverItDies(String place) throws Exception {
        Receiver receiver = new Receiver(call -> 200);
        String id;
        try (FrontendProcess dying = process("-Dthunderhead.crash.at=" + place)) {
            Client client = dying.client(backing.key.text());
            client.post(
                    "/v1/webhook_endpoints",
                    "{\"name\": \"mine\", \"url\": \"" + receiver.url("/endpoint")
                            + "\", \"event_types\": [\"image.generation.completed\"]}");
            id = submitted(client, ", \"webhook_url\": \"" + receiver.url("/job") + "\"");
            try (FakeWorker worker = FakeWorker.painting(backing)) {
                assertThat(dying.exitStatus()).isEqualTo(137);
            }
        }
        String key = ObjectKeys.job(ACME, new JobId(id));
        assertThat(backing.store.get(key).isPresent()).isEqualTo(!place.equals("OUTCOMES_COMPLETE"));
        try (receiver;
                Frontend next = backing.frontend(Backing.CALLS, Backing.LOCAL_CALLBACKS)) {
            JsonNode job =
                    backing.client(next).get(JOBS + "/" + id + "?wait=30").json();
            assertThat(job.get("status").asText()).isEqualTo("completed");
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> backing.store.get(key).isPresent());
            assertThat(backing.store.list(ObjectKeys.jobs(ACME))).containsExactly(key);
            assertThat(backing.store.list(ObjectKeys.outcomes(ACME, new JobId(id))))
                    .hasSize(2)
                    .allSatisfy(outcome -> assertThat(new dev.thunderhead.storage.Outcomes(backing.store)
                                    .find(outcome)
                                    .orElseThrow())
                            .isInstanceOf(Outcome.Picture.class));
            for (String path : List.of("/endpoint", "/job")) {
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> !calls(receiver, path).isEmpty());
            }
            // A call that was made and not noted may come again, as the same one.
            Thread.sleep(2_000);
            for (String path : List.of("/endpoint", "/job")) {
                assertThat(calls(receiver, path).stream()
                                .map(call -> call.id() + " " + call.body())
                                .distinct())
                        .hasSize(1);
                assertThat(calls(receiver, path)).hasSizeLessThanOrEqualTo(2);
            }
        }
    }

    private static List<Receiver.Call> calls(Receiver receiver, String path) {
        return receiver.calls().stream()
                .filter(call -> call.path().equals(path))
                .toList();
    }
}
