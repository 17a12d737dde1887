package dev.thunderhead.frontend.batch;

import static dev.thunderhead.frontend.batch.FeedingFixture.lines;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thunderhead.frontend.batch.FeedingFixture.Frontend;
import dev.thunderhead.job.FailureCode;
import dev.thunderhead.job.Outcome;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A feeder with its threads, over a store and a journal in memory. */
@Timeout(60)
class FeederTest {
    private static final Duration DAY = Duration.ofHours(24);

    private final FeedingFixture fixture = new FeedingFixture();

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void everyLineIsRenderedOnceAndStandsInTheOutput() throws IOException {
        fixture.journal.work(fixture::paint);
        Batches.Name name = fixture.begin(fixture.frontend(), lines(100));
        Batch batch = fixture.awaitEnd(name);
        assertThat(batch.status()).isEqualTo(BatchStatus.COMPLETED);
        assertThat(batch.feed().completed()).isEqualTo(100);
        assertThat(fixture.lines(batch.output())).isEqualTo(100);
        assertThat(batch.errorFile()).isEmpty();
        assertThat(fixture.journal.tasks()).hasSize(100);
    }

    private static Outcome late() {
        return new Outcome.Failed(FailureCode.DEADLINE_EXCEEDED, "too late", java.time.Instant.now());
    }

    @Test
    void aBatchWhoseLastLineEndsLateHasExpired() throws IOException {
        Batches.Name name = fixture.begin(fixture.frontend(), lines(1));
        fixture.awaitTasks(1);
        // The worker sees it before the feeder does.
        fixture.clock.forward(DAY.minusSeconds(1));
        fixture.end(fixture.journal.tasks().get(0), late());
        Batch batch = fixture.awaitEnd(name);
        assertThat(batch.status()).isEqualTo(BatchStatus.EXPIRED);
        assertThat(batch.feed().completed() + batch.feed().failed()).isZero();
        assertThat(fixture.lines(batch.errorFile())).isEqualTo(1);
    }

    @Test
    void whoeverFindsABatchWithAllItsLinesDroppedEndsItAsItsFirstFeederWouldHave() throws IOException {
        Frontend first = fixture.frontend();
        Batches.Name name = fixture.begin(first, lines(3));
        fixture.awaitTasks(3);
        fixture.paint(fixture.journal.tasks().get(0));
        // Everything is written but that the batch ends.
        fixture.troubled((verb, key) -> {
            if (verb.equals("getVersioned") && fixture.batch(name).feed().results() == 3) {
                throw new IOException("the store is away");
            }
        });
        fixture.clock.forward(DAY);
        fixture.await(name, batch -> batch.feed().results() == 3);
        first.close();
        fixture.troubled((verb, key) -> {});
        fixture.frontend();
        Batch batch = fixture.awaitEnd(name);
        assertThat(batch.status()).isEqualTo(BatchStatus.EXPIRED);
        assertThat(fixture.lines(batch.output())).isEqualTo(1);
        assertThat(fixture.lines(batch.errorFile())).isEqualTo(2);
    }
}
