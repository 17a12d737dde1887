package dev.thunderhead.frontend.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thunderhead.frontend.FinishedJobs;
import dev.thunderhead.frontend.batch.Batch.Feed;
import dev.thunderhead.frontend.batch.Batch.Order;
import dev.thunderhead.frontend.file.FileId;
import dev.thunderhead.frontend.job.MemoryStore;
import dev.thunderhead.job.Account;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RunningBatchTest {
    private static final Account ACME = new Account("acme");
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final int LINES = 3;

    private final Instant expiresAt = Instant.now().plusSeconds(60);
    private long now = System.nanoTime();

    private RunningBatch batch(BatchStatus status, int reserved) {
        Instant created = Instant.now();
        Feed feed = new Feed(
                "me", LINES, LINES, Optional.empty(), Tally.NONE, reserved, LineSet.NONE, List.of(), Optional.empty());
        Order order = new Order(
                FileId.create(created, RANDOM), "60s", expiresAt, Map.of(), Duration.ofDays(1), Optional.empty());
        Batch batch = Batch.begun(BatchId.create(created, RANDOM), ACME, order, created)
                .enter(status, created)
                .with(feed);
        Plan plan = new Plan(List.of(new Plan.Page(1, 0)), 100);
        return new RunningBatch(batch, plan, new ResultLog(new MemoryStore(), "parts/", List.of()), now);
    }

    private static LineResult result(int line) {
        return new LineResult.Ended(line, "line-" + line, 1, FinishedJobs.line(ACME, Optional.empty()));
    }

    private static void readAll(RunningBatch batch) {
        batch.source().nextPage();
        batch.source().read(List.of());
    }

    @Test
    void aLineCountsOnce() {
        RunningBatch batch = batch(BatchStatus.IN_PROGRESS, LINES);
        batch.ended(result(1));
        batch.ended(result(1));
        RunningBatch.Checkpoint checkpoint = batch.beginCheckpoint(now);
        assertThat(checkpoint.fresh()).hasSize(1);
        assertThat(checkpoint.tally().completed()).isOne();
        assertThat(checkpoint.done().cardinality()).isOne();
    }

    @Test
    void oneThingIsWrittenAtATimeAndWhatFailedIsWrittenAgain() {
        RunningBatch batch = batch(BatchStatus.IN_PROGRESS, LINES);
        batch.ended(result(1));
        assertThat(batch.isCheckpointDue(now, SECOND)).isFalse();
        now += 2 * SECOND.toNanos();
        assertThat(batch.isCheckpointDue(now, SECOND)).isTrue();
        batch.beginCheckpoint(now);
        now += 2 * SECOND.toNanos();
        batch.ended(result(2));
        assertThat(batch.isCheckpointDue(now, SECOND)).isFalse();
        batch.notCheckpointed();
        assertThat(batch.isCheckpointDue(now, SECOND)).isTrue();
        RunningBatch.Checkpoint second = batch.beginCheckpoint(now);
        batch.checkpointed(second);
        now += 2 * SECOND.toNanos();
        assertThat(batch.isCheckpointDue(now, SECOND)).isFalse();
    }

    @Test
    void itIsOverWhenAllLinesHaveEndedAndNothingIsUnderWay() {
        RunningBatch batch = batch(BatchStatus.IN_PROGRESS, LINES);
        IntStream.rangeClosed(1, LINES).forEach(line -> batch.ended(result(line)));
        assertThat(batch.isOver()).as("its page is not read").isFalse();
        readAll(batch);
        assertThat(batch.beginDropping()).isFalse();
        assertThat(batch.isOver()).as("its record does not say so").isFalse();
        assertThat(batch.isCheckpointDue(now, SECOND)).as("at once").isTrue();
        RunningBatch.Checkpoint last = batch.beginCheckpoint(now);
        assertThat(batch.isOver()).isFalse();
        batch.notCheckpointed();
        assertThat(batch.isOver()).isFalse();
        assertThat(batch.isCheckpointDue(now, SECOND)).as("again").isTrue();
        batch.checkpointed(last);
        assertThat(batch.isOver()).isTrue();
    }

    @Test
    void whatIsCompleteDoesNotExpireAnyMore() {
        RunningBatch batch = batch(BatchStatus.IN_PROGRESS, LINES);
        IntStream.rangeClosed(1, LINES).forEach(line -> batch.ended(result(line)));
        batch.expire(expiresAt.plusSeconds(1));
        assertThat(batch.stopped()).isEmpty();
    }

    @Test
    void aStoppedOneDropsWhatIsLeftOnceAndAfterLookingForWhatWasQueued() {
        RunningBatch batch = batch(BatchStatus.CANCELLING, LINES);
        assertThat(batch.beginDropping()).as("lines may have been queued").isFalse();
        readAll(batch);
        assertThat(batch.beginDropping()).isTrue();
        assertThat(batch.beginDropping()).isFalse();
        batch.dropped(IntStream.rangeClosed(1, LINES)
                .<LineResult>mapToObj(
                        line -> new LineResult.Dropped(line, "line-" + line, LineResult.Reason.BATCH_CANCELLED))
                .toList());
        RunningBatch.Checkpoint last = batch.beginCheckpoint(now);
        batch.checkpointed(last);
        assertThat(batch.isOver()).isTrue();
        assertThat(last.tally().completed() + last.tally().failed())
                .as("those that ran")
                .isZero();
        assertThat(last.done()).isEqualTo(allLines());
    }

    @Test
    void resultsThatNobodyRenderedSayNothingOfTheRate() {
        RunningBatch batch = batch(BatchStatus.IN_PROGRESS, LINES);
        batch.ended(result(1));
        now += 2 * SECOND.toNanos();
        batch.checkpointed(batch.beginCheckpoint(now));
        now += 60 * SECOND.toNanos();
        assertThat(batch.isCheckpointDue(now, SECOND)).isFalse();
    }

    private static BitSet allLines() {
        BitSet all = new BitSet();
        all.set(1, LINES + 1);
        return all;
    }
}
