package dev.thunderhead.frontend.batch;

import static dev.thunderhead.frontend.batch.FeedingFixture.ACME;
import static dev.thunderhead.frontend.batch.FeedingFixture.line;
import static dev.thunderhead.frontend.batch.FeedingFixture.lines;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thunderhead.frontend.batch.FeedingFixture.Frontend;
import dev.thunderhead.job.Outcome;
import dev.thunderhead.job.RenderTask;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A feeder dies, and another one goes on. */
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class FeederTakeoverTest {
    private final FeedingFixture fixture = new FeedingFixture();

    @AfterEach
    void stop() {
        fixture.close();
    }

    /** Begins a batch, and has its feeder die when so many of its tasks were queued. */
    private Batches.Name begunAndLeft(List<String> lines, int tasks) throws IOException {
        Frontend first = fixture.frontend();
        Batches.Name name = fixture.begin(first, lines);
        fixture.awaitTasks(tasks);
        first.close();
        fixture.journal.lose(task -> false);
        return name;
    }

    private RenderTask task(int place) {
        return fixture.journal.tasks().get(place);
    }

    @Test
    void whatIsQueuedIsWaitedForAndWhatHasEndedIsFound() throws IOException {
        Batches.Name name = begunAndLeft(lines(3), 3);
        fixture.record(task(0), FeedingFixture.picture(task(0)));
        fixture.frontend();
        fixture.await(name, batch -> batch.feed().tally().completed() == 1);
        fixture.paint(task(1));
        fixture.paint(task(2));
        Batch batch = fixture.awaitEnd(name);
        assertThat(batch.feed().tally().completed()).isEqualTo(3);
        assertThat(fixture.lines(batch.output())).isEqualTo(3);
        assertThat(fixture.journal.tasks()).hasSize(3);
    }

    @Test
    void ofALineThatWasQueuedInPartTheRestIsQueued() throws IOException {
        fixture.journal.lose(task -> task.id().index() == 1);
        Batches.Name name = begunAndLeft(List.of(line(1, ", \"n\": 3")), 2);
        fixture.frontend();
        fixture.awaitTasks(3);
        fixture.journal.tasks().forEach(fixture::paint);
        assertThat(fixture.awaitEnd(name).feed().tally().completed()).isEqualTo(1);
        assertThat(fixture.journal.tasks())
                .extracting(task -> task.id().index())
                .containsExactly(0, 2, 1);
    }

    @Test
    void aLineThatWasQueuedInPartIsCalledOffWithItsBatch() throws IOException {
        fixture.journal.lose(task -> task.id().index() == 1);
        Batches.Name name = begunAndLeft(List.of(line(1, ", \"n\": 2")), 1);
        Frontend second = fixture.frontend();
        second.batching().intake().cancel(ACME, name.id());
        Batch batch = fixture.awaitEnd(name);
        assertThat(batch.status()).isEqualTo(BatchStatus.CANCELLED);
        assertThat(fixture.outcomes.find(task(0).outcomeKey()))
                .hasValueSatisfying(outcome -> assertThat(outcome).isInstanceOf(Outcome.Cancelled.class));
        assertThat(fixture.lines(batch.errorFile())).isEqualTo(1);
    }

    @Test
    void whatWasQueuedUnderAnotherCatalogueCountsAsItComes() throws IOException {
        Batches.Name name = begunAndLeft(lines(2), 2);
        fixture.paint(task(0));
        fixture.frontend("another");
        fixture.await(name, batch -> batch.feed().tally().completed() == 1);
        fixture.paint(task(1));
        Batch batch = fixture.awaitEnd(name);
        assertThat(batch.feed().tally().completed()).isEqualTo(2);
        assertThat(batch.feed().tally().failed()).isZero();
    }

    @Test
    void ofALineThatWasQueuedInPartUnderAnotherCatalogueNobodyWaitsForTheRest() throws IOException {
        fixture.journal.lose(task -> task.id().index() == 1);
        Batches.Name name = begunAndLeft(List.of(line(1, ", \"n\": 2")), 1);
        fixture.frontend("another");
        Batch batch = fixture.awaitEnd(name);
        assertThat(batch.status()).isEqualTo(BatchStatus.COMPLETED);
        assertThat(batch.feed().tally().failed()).isEqualTo(1);
        assertThat(fixture.content(batch.errorFile()))
                .singleElement()
                .asString()
                .contains("job_cancelled");
        assertThat(fixture.outcomes.find(task(0).outcomeKey()))
                .hasValueSatisfying(outcome -> assertThat(outcome).isInstanceOf(Outcome.Cancelled.class));
    }

    /** Nobody can read what the task came to. */
    private void spoil(RenderTask task) {
        fixture.memory.put(task.outcomeKey(), new byte[1], "image/png", Map.of("outcome", "{}"));
    }

    @Test
    void aLineWhoseOutcomeCannotBeReadHasFailedAndTheOthersGoOn() throws IOException {
        Batches.Name name = begunAndLeft(lines(3), 3);
        spoil(task(1));
        fixture.paint(task(0));
        fixture.paint(task(2));
        fixture.frontend();
        Batch batch = fixture.awaitEnd(name);
        assertThat(batch.status()).isEqualTo(BatchStatus.COMPLETED);
        assertThat(batch.feed().tally().completed()).isEqualTo(2);
        assertThat(batch.feed().tally().failed()).isEqualTo(1);
        assertThat(fixture.content(batch.errorFile()))
                .singleElement()
                .asString()
                .contains("cannot be read");
    }

    @Test
    void aLineWhoseOutcomeCannotBeReadHoldsUpNoCancellation() throws IOException {
        Frontend frontend = fixture.frontend();
        Batches.Name name = fixture.begin(frontend, lines(3));
        fixture.awaitTasks(3);
        spoil(task(1));
        frontend.batching().intake().cancel(ACME, name.id());
        Batch batch = fixture.awaitEnd(name);
        assertThat(batch.status()).isEqualTo(BatchStatus.CANCELLED);
        assertThat(batch.feed().tally().failed()).isEqualTo(1);
        assertThat(fixture.lines(batch.errorFile())).isEqualTo(3);
    }
}
