package dev.thunderhead.frontend.batch;

import static dev.thunderhead.frontend.batch.FeedingFixture.ACME;
import static dev.thunderhead.frontend.batch.FeedingFixture.line;
import static dev.thunderhead.frontend.batch.FeedingFixture.lines;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thunderhead.frontend.batch.FeedingFixture.Frontend;
import dev.thunderhead.frontend.error.ApiException;
import dev.thunderhead.frontend.file.FileId;
import dev.thunderhead.job.Outcome;
import dev.thunderhead.storage.ObjectKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a feeder does when the file of a batch, or what is kept of it, is not what it should be. */
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class FeederInputTest {
    private static final Duration DAY = Duration.ofHours(24);

    private final FeedingFixture fixture = new FeedingFixture();

    @AfterEach
    void stop() {
        fixture.close();
    }

    private String part(Batches.Name name, String part) {
        return ObjectKeys.batchParts(name.account(), name.id().value()) + part;
    }

    private void deleteFile(Batches.Name name) throws IOException {
        FileId file = fixture.batch(name).order().input();
        assertThat(fixture.files.delete(ACME, file)).isTrue();
    }

    /** Begins a batch of three lines of which the first one is done, and has its feeder die. */
    private Batches.Name begunAndLeft() throws IOException {
        Frontend first = fixture.frontend();
        Batches.Name name = fixture.begin(first, lines(3));
        fixture.awaitTasks(3);
        fixture.paint(fixture.journal.tasks().get(0));
        fixture.await(name, batch -> batch.feed().tally().completed() == 1);
        first.close();
        return name;
    }

    private void assertCompletes(Batches.Name name) throws IOException {
        fixture.frontend();
        fixture.paint(fixture.journal.tasks().get(1));
        fixture.paint(fixture.journal.tasks().get(2));
        Batch batch = fixture.awaitEnd(name);
        assertThat(batch.status()).isEqualTo(BatchStatus.COMPLETED);
        assertThat(batch.errors()).isEmpty();
        assertThat(fixture.lines(batch.output())).isEqualTo(3);
        assertThat(fixture.journal.tasks()).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"pages\":[{\"line\":-1,\"offset\":0}],\"bytes\":1}"})
    void aPlanThatCannotBeReadIsMadeAnew(String plan) throws IOException {
        Batches.Name name = begunAndLeft();
        fixture.memory.put(
                part(name, "plan.json"), plan.getBytes(StandardCharsets.UTF_8), "application/json", Map.of());
        assertCompletes(name);
    }

    @Test
    void aPlanThatIsMissingIsMadeAnew() throws IOException {
        Batches.Name name = begunAndLeft();
        fixture.memory.delete(part(name, "plan.json"));
        deleteFile(name);
        assertCompletes(name);
    }

    @Test
    void aCopyThatIsMissingIsMadeAnewOfTheFile() throws IOException {
        Batches.Name name = begunAndLeft();
        fixture.memory.delete(part(name, "input"));
        assertCompletes(name);
    }

    @Test
    void withoutCopyAndFileABatchFailsAndKeepsWhatItHas() throws IOException {
        Batches.Name name = begunAndLeft();
        fixture.memory.delete(part(name, "input"));
        deleteFile(name);
        fixture.frontend();
        Batch batch = fixture.awaitEnd(name);
        assertThat(batch.status()).isEqualTo(BatchStatus.FAILED);
        assertThat(batch.errors()).singleElement().satisfies(error -> {
            assertThat(error.code()).isEqualTo("input_lost");
            assertThat(error.message()).contains("create a new batch");
        });
        assertThat(fixture.lines(batch.output())).isEqualTo(1);
        assertThat(batch.errorFile()).isEmpty();
        assertThatThrownBy(() -> fixture.frontend()
                        .batching()
                        .intake()
                        .retryFailed(
                                ACME,
                                name.id(),
                                BatchId.create(fixture.clock.instant(), new SecureRandom()),
                                Optional.empty()))
                .isInstanceOfSatisfying(ApiException.class, problem -> {
                    assertThat(problem.error().code()).isEqualTo("lines_lost");
                    assertThat(problem.error().message())
                            .contains(batch.order().input().value());
                });
        for (int task = 1; task < 3; task++) {
            assertThat(fixture.outcomes.find(fixture.journal.tasks().get(task).outcomeKey()))
                    .as("called off")
                    .hasValueSatisfying(outcome -> assertThat(outcome).isInstanceOf(Outcome.Cancelled.class));
        }
    }

    @Test
    void aCopyThatIsLostWhileTheBatchRunsEndsItToo() throws IOException {
        Batches.Name name = fixture.begin(fixture.frontend(), lines(200));
        fixture.awaitTasks(16);
        fixture.memory.delete(part(name, "input"));
        deleteFile(name);
        fixture.journal.work(fixture::paint);
        IntStream.range(0, 16)
                .forEach(task -> fixture.paint(fixture.journal.tasks().get(task)));
        Batch batch = fixture.awaitEnd(name);
        assertThat(batch.status()).isEqualTo(BatchStatus.FAILED);
        assertThat(batch.errors()).extracting(BatchError::code).containsExactly("input_lost");
        assertThat(fixture.lines(batch.output())).isEqualTo(batch.feed().tally().completed());
    }

    /** What was a request when the batch began is none any more, as if this release asked more of lines. */
    private void spoilThird(Batches.Name name) {
        String third = "line-3\", \"method\": ";
        fixture.rewrite(part(name, "input"), third + "\"POST\"", third + "\"POKE\"");
    }

    @Test
    void aLineThatIsNoRequestAnyMoreIsRefusedAlone() throws IOException {
        Batches.Name name = begunAndLeft();
        fixture.journal.forget();
        spoilThird(name);
        fixture.journal.work(fixture::paint);
        fixture.frontend();
        Batch batch = fixture.awaitEnd(name);
        assertThat(batch.status()).isEqualTo(BatchStatus.COMPLETED);
        assertThat(batch.feed().tally().completed()).isEqualTo(2);
        assertThat(fixture.content(batch.errorFile()))
                .singleElement()
                .asString()
                .contains("\"custom_id\":\"\"", "\"line\":3", "invalid_method");
    }

    @Test
    void aLineThatIsNoRequestAnyMoreIsDroppedWithTheOthers() throws IOException {
        Frontend frontend = fixture.frontend();
        Batches.Name name = fixture.begin(frontend, lines(3));
        fixture.awaitTasks(3);
        frontend.close();
        fixture.journal.forget();
        spoilThird(name);
        fixture.clock.forward(DAY);
        fixture.frontend();
        Batch batch = fixture.awaitEnd(name);
        assertThat(fixture.lines(batch.errorFile())).isEqualTo(3);
    }

    @Test
    void whatIsLeftOfALargeBatchIsDroppedPieceByPiece() throws IOException {
        int lines = 1_500;
        String padding = " ".repeat(2_000);
        Frontend frontend = fixture.frontend();
        Batches.Name name = fixture.begin(
                frontend,
                IntStream.rangeClosed(1, lines)
                        .mapToObj(number -> line(number, ", \"n\": 1" + padding))
                        .toList());
        fixture.awaitTasks(16);
        Set<Integer> counts = ConcurrentHashMap.newKeySet();
        fixture.troubled((verb, key) -> {
            if (verb.equals("open") && key.equals(part(name, "input"))) {
                throw new IOException("nobody reads all of it");
            }
            if (verb.equals("getVersioned") && key.endsWith(name + ".json")) {
                counts.add(fixture.batch(name).feed().results());
            }
        });
        frontend.batching().intake().cancel(ACME, name.id());
        Batch batch = fixture.awaitEnd(name);
        assertThat(batch.status()).isEqualTo(BatchStatus.CANCELLED);
        assertThat(fixture.lines(batch.errorFile())).isEqualTo(lines);
        assertThat(batch.feed().done().toBits().cardinality()).isEqualTo(lines);
        assertThat(counts).as("written down in between").anyMatch(count -> count > 300 && count < lines);
    }

    @Test
    void aStoreThatCannotBeAskedIsNoLoss() throws IOException {
        Batches.Name name = begunAndLeft();
        AtomicInteger refusals = new AtomicInteger();
        fixture.troubled((verb, key) -> {
            if (key.equals(part(name, "input"))) {
                refusals.incrementAndGet();
                throw new IOException("the store is away");
            }
        });
        fixture.frontend();
        FeedingFixture.patiently().until(() -> refusals.get() > 0);
        fixture.troubled((verb, key) -> {});
        assertCompletes(name);
    }

    @Test
    void resultsThatAreMissingFromTheRecordAreNotPassedOverInSilence() throws IOException {
        Batches.Name name = begunAndLeft();
        fixture.rewrite(ObjectKeys.batch(ACME, name.id().value()), "\"count\":1", "\"count\":0");
        fixture.frontend();
        fixture.paint(fixture.journal.tasks().get(1));
        fixture.paint(fixture.journal.tasks().get(2));
        Batch batch = fixture.awaitEnd(name);
        assertThat(batch.status()).isEqualTo(BatchStatus.FAILED);
        assertThat(batch.errors()).extracting(BatchError::code).containsExactly("results_lost");
    }

    @Test
    void aFileWhoseRecordCannotBeReadIsRefused() throws IOException {
        Frontend frontend = fixture.frontend();
        frontend.lease().doubt();
        Batches.Name name = fixture.begin(frontend, lines(1));
        String file = fixture.batch(name).order().input().value();
        fixture.memory.put(
                ObjectKeys.file(ACME, file), "{}".getBytes(StandardCharsets.UTF_8), "application/json", Map.of());
        frontend.lease().trust();
        Batch batch = fixture.awaitEnd(name);
        assertThat(batch.status()).isEqualTo(BatchStatus.FAILED);
        assertThat(batch.errors()).extracting(BatchError::code).containsExactly("file_unreadable");
    }

    @Test
    void aBatchWhoseFileCannotBeReadInItsTimeExpires() throws IOException {
        fixture.troubled((verb, key) -> {
            if (key.contains("files/") && verb.equals("open")) {
                throw new IOException("the store is away");
            }
        });
        Batches.Name name = fixture.begin(fixture.frontend(), List.of(line(1, "")));
        fixture.await(name, batch -> !batch.feed().feeder().isEmpty());
        fixture.clock.forward(DAY);
        Batch batch = fixture.awaitEnd(name);
        assertThat(batch.status()).isEqualTo(BatchStatus.EXPIRED);
        assertThat(batch.output()).isEmpty();
        assertThat(batch.errorFile()).isEmpty();
    }
}
