package dev.thunderhead.frontend;

import static dev.thunderhead.frontend.BatchClient.customIds;
import static dev.thunderhead.frontend.BatchClient.lines;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.thunderhead.job.Outcome;
import dev.thunderhead.job.RenderTask;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two frontends, and the one that feeds dies, or is frozen, in the middle. */
@Tag("survival")
@Timeout(180)
@SuppressWarnings("try")
@Execution(ExecutionMode.CONCURRENT)
class BatchSurvivalIT {
    private static final int LINES = 500;
    private static final int FEWER = 200;
    private static final int FEW = 30;
    /** What may wait in the lane, and what was being rendered. */
    private static final int IN_FLIGHT = 64;

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    Path data;

    private final ConcurrentMap<String, AtomicInteger> renders = new ConcurrentHashMap<>();
    private Backing backing;
    private FakeWorker worker;

    @BeforeEach
    void start() throws Exception {
        backing = new Backing(data);
        worker = new FakeWorker(backing.kafka(), backing.store, this::render);
    }

    @AfterEach
    void stop() {
        worker.close();
        backing.close();
    }

    private Outcome render(RenderTask task) {
        renders.computeIfAbsent(task.prompt(), prompt -> new AtomicInteger()).incrementAndGet();
        try {
            Thread.sleep(5);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        }
        return FakeWorker.picture(task);
    }

    /** Every tenth asks for two pictures. */
    private static List<String> requests(int count) {
        List<String> requests = new ArrayList<>(lines(count));
        for (int line = 10; line <= count; line += 10) {
            requests.set(line - 1, BatchClient.line("line-" + line, "picture " + line + "\", \"n\": 2, \"user\": \"x"));
        }
        return requests;
    }

    private FrontendProcess feeder(String... flags) throws Exception {
        return FrontendProcess.feeding(data, backing.environment(), flags);
    }

    private static void awaitCompleted(BatchClient client, String id, int count) throws Exception {
        client.await(
                id, PATIENCE, batch -> batch.at("/request_counts/completed").asInt() >= count);
    }

    private void assertExact(BatchClient client, String id, int count) throws Exception {
        JsonNode batch = client.await(
                id,
                PATIENCE,
                found -> BatchClient.FINAL.contains(found.get("status").asText()));
        assertThat(batch.get("status").asText()).isEqualTo("completed");
        assertThat(batch.get("request_counts").toString())
                .isEqualTo("{\"total\":%1$d,\"completed\":%1$d,\"failed\":0}".formatted(count));
        List<JsonNode> output = client.content(batch.get("output_file_id").asText());
        assertThat(output).hasSize(count);
        assertThat(customIds(output)).hasSize(count);
        for (JsonNode line : output) {
            boolean two = line.get("line").asInt() % 10 == 0;
            assertThat(line.at("/response/body/data")).hasSize(two ? 2 : 1);
        }
        assertThat(batch.get("error_file_id").isNull()).isTrue();
        assertThat(renders).hasSize(count);
        int more = renders.values().stream().mapToInt(AtomicInteger::get).sum() - count - count / 10;
        assertThat(more).as("lines rendered more than once").isLessThanOrEqualTo(IN_FLIGHT);
    }

    @Test
    void anotherFrontendGoesOnAfterAKill() throws Exception {
        try (FrontendProcess first = feeder();
                Frontend second = backing.frontend(Backing.CALLS)) {
            BatchClient client = new BatchClient(backing.client(second));
            String id = client.begin(requests(LINES));
            awaitCompleted(client, id, 100);
            first.kill();
            assertExact(client, id, LINES);
        }
    }

    @Test
    void aFeederThatWasFrozenChangesNothingWhenItWakes() throws Exception {
        try (FrontendProcess first = feeder();
                Frontend second = backing.frontend(Backing.CALLS)) {
            BatchClient client = new BatchClient(backing.client(second));
            String id = client.begin(requests(FEWER));
            awaitCompleted(client, id, 50);
            first.freeze();
            int then = client.get(id).at("/request_counts/completed").asInt();
            awaitCompleted(client, id, then + 20);
            first.thaw();
            assertExact(client, id, FEWER);
            JsonNode end = client.get(id);
            Thread.sleep(2_000);
            assertThat(client.get(id)).isEqualTo(end);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"RESULTS_WRITTEN", "OUTPUT_WRITTEN", "BATCH_ENDED"})
    void aCrashBetweenTwoStepsIsMadeGood(String point) throws Exception {
        try (FrontendProcess first = feeder("-Dthunderhead.crash.at=" + point)) {
            String id = new BatchClient(first.client(backing.key.text())).begin(requests(FEW));
            assertThat(first.exitStatus()).isEqualTo(137);
            try (Frontend second = backing.frontend(Backing.CALLS)) {
                assertExact(new BatchClient(backing.client(second)), id, FEW);
                await().untilAsserted(() ->
                        assertThat(backing.store.list("batches/open/")).isEmpty());
            }
        }
    }
}
