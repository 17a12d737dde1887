package dev.thunderhead.frontend;

import static dev.thunderhead.frontend.BatchClient.customIds;
import static dev.thunderhead.frontend.BatchClient.lines;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.thunderhead.job.Outcome;
import dev.thunderhead.job.RenderTask;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a batch needs goes away in the middle, or its feeder does while the batch is being called off or runs out of time. */
@Tag("survival")
@Timeout(180)
class BatchOutageIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration OUTAGE = Duration.ofSeconds(8);
    private static final Duration PICTURE = Duration.ofMillis(20);

    @TempDir
    static Path data;

    private static Backing backing;
    private static FakeWorker worker;

    @BeforeAll
    static void start() throws Exception {
        backing = new Backing(data);
        worker = new FakeWorker(backing.kafka(), backing.store, BatchOutageIT::render);
    }

    @AfterAll
    static void stop() {
        worker.close();
        backing.close();
    }

    private static Outcome render(RenderTask task) {
        try {
            Thread.sleep(PICTURE.toMillis());
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        }
        return FakeWorker.picture(task);
    }

    private static JsonNode awaitEnded(BatchClient client, String id, int lines) throws Exception {
        return client.await(id, PATIENCE, batch -> ended(batch) >= lines);
    }

    private static int ended(JsonNode batch) {
        return batch.at("/request_counts/completed").asInt()
                + batch.at("/request_counts/failed").asInt();
    }

    @Test
    void nothingIsLostWhileTheStoreIsAway() throws Exception {
        assertOutlived(backing::stopStore);
    }

    @Test
    void nothingIsLostWhileTheJournalIsAway() throws Exception {
        assertOutlived(backing::stopBroker);
    }

    /** @param stop ends what is to be away for a while, and gives what starts it again */
    private static void assertOutlived(Supplier<Backing.ThrowingRunnable> stop) throws Exception {
        int count = 300;
        try (Frontend frontend = backing.frontend(Backing.CALLS)) {
            BatchClient client = new BatchClient(backing.client(frontend));
            String id = client.begin(lines(count));
            awaitEnded(client, id, 30);

            Backing.ThrowingRunnable startAgain = stop.get();
            Thread.sleep(OUTAGE.toMillis());
            startAgain.run();

            JsonNode batch = client.await(
                    id,
                    PATIENCE,
                    found -> BatchClient.FINAL.contains(found.get("status").asText()));
            assertThat(batch.get("status").asText()).isEqualTo("completed");
            List<JsonNode> output = client.content(batch.get("output_file_id").asText());
            assertThat(output).hasSize(count);
            assertThat(customIds(output)).hasSize(count);
            assertThat(batch.get("error_file_id").isNull()).isTrue();
        }
    }

    @Test
    void aBatchWhoseFeederDiesIsCalledOffByAnother() throws Exception {
        JsonNode batch = takenOver("24h", (client, id, first) -> {
            assertThat(client.cancel(id).json().get("status").asText()).isEqualTo("cancelling");
            first.kill();
        });
        assertThat(batch.get("status").asText()).isEqualTo("cancelled");
        assertThat(batch.get("expired_at").isNull()).isTrue();
    }

    @Test
    void aBatchWhoseFeederDiesExpiresWithAnother() throws Exception {
        JsonNode batch = takenOver("15s", (client, id, first) -> first.kill());
        assertThat(batch.get("status").asText()).isEqualTo("expired");
        assertThat(batch.get("cancelled_at").isNull()).isTrue();
    }

    private interface Blow {
        void fall(BatchClient client, String id, FrontendProcess first) throws Exception;
    }

    /** The end of a batch that is far from complete, each line of which must stand in one of its files, once. */
    private static JsonNode takenOver(String window, Blow blow) throws Exception {
        int count = 3_000;
        try (FrontendProcess first = FrontendProcess.feeding(data, backing.environment());
                Frontend second = backing.frontend(Backing.CALLS)) {
            BatchClient client = new BatchClient(backing.client(second));
            String id = client.create(client.upload(lines(count)), window)
                    .json()
                    .get("id")
                    .asText();
            awaitEnded(client, id, 30);
            blow.fall(client, id, first);
            JsonNode batch = client.await(
                    id,
                    PATIENCE,
                    found -> BatchClient.FINAL.contains(found.get("status").asText()));
            List<JsonNode> output = client.content(batch.get("output_file_id").asText());
            List<JsonNode> errors = client.content(batch.get("error_file_id").asText());
            assertThat(output.size() + errors.size()).isEqualTo(count);
            Set<String> answered = customIds(output);
            Set<String> others = customIds(errors);
            assertThat(answered).isNotEmpty().doesNotContainAnyElementsOf(others);
            assertThat(batch.at("/request_counts/completed").asInt()).isEqualTo(answered.size());
            others.addAll(answered);
            assertThat(new TreeSet<>(others))
                    .isEqualTo(IntStream.rangeClosed(1, count)
                            .mapToObj(line -> "line-" + line)
                            .collect(Collectors.toCollection(TreeSet::new)));
            return batch;
        }
    }
}
