package dev.thunderhead.render.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thunderhead.job.Lane;
import dev.thunderhead.model.ImageSize;
import dev.thunderhead.wire.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class IntakeTest {
    private static final ImageSize SMALL = new ImageSize(64, 64);

    private final AtomicLong now = new AtomicLong();
    private final CostModel costs = new CostModel();
    private final Intake intake = new Intake(4, Duration.ZERO, costs, now::get);

    @Test
    void tasksOfOneKindAndLaneAreTakenTogetherInOrder() throws InterruptedException {
        Work first = work(Lane.STANDARD, 4);
        Work other = work(Lane.STANDARD, 2);
        Work second = work(Lane.STANDARD, 4);
        intake.offer(List.of(first, other, second));

        assertThat(take()).containsExactly(first, second);
        assertThat(take()).containsExactly(other);
    }

    @Test
    void aLessUrgentLaneBringsNoCompany() throws InterruptedException {
        Work urgent = work(Lane.INTERACTIVE, 4);
        intake.offer(List.of(work(Lane.BULK, 4), urgent));

        assertThat(take()).containsExactly(urgent);
    }

    @Test
    void aBatchIsNotLargerThanAllowed() throws InterruptedException {
        intake.offer(List.of(
                work(Lane.STANDARD, 4),
                work(Lane.STANDARD, 4),
                work(Lane.STANDARD, 4),
                work(Lane.STANDARD, 4),
                work(Lane.STANDARD, 4)));

        assertThat(take()).hasSize(4);
        assertThat(take()).hasSize(1);
    }

    @Test
    void aSuspectIsTakenAlone() throws InterruptedException {
        Work plain = work(Lane.STANDARD, 4);
        Work suspect = new Work(plain.task(), plain.delivery(), true);
        intake.offer(List.of(plain, suspect, work(Lane.STANDARD, 4)));

        assertThat(take()).hasSize(2).doesNotContain(suspect);
        assertThat(take()).containsExactly(suspect);
    }

    @Test
    void bulkBatchesAreSmallWhileThereIsInteractiveTraffic() throws InterruptedException {
        intake.offer(List.of(work(Lane.INTERACTIVE, 4)));
        take();
        for (int i = 0; i < 6; i++) {
            intake.offer(List.of(work(Lane.BULK, 4)));
        }

        assertThat(take()).hasSize(2);
        now.addAndGet(Duration.ofSeconds(10).toNanos());
        assertThat(take()).hasSize(4);
    }

    @Test
    void aTaskWaitsForCompanyAndLeavesWhenTheBatchIsFull() throws Exception {
        Intake patient = new Intake(2, Duration.ofHours(1), costs, now::get);
        patient.offer(List.of(work(Lane.STANDARD, 4)));
        CompletableFuture<Optional<Batch>> batch = CompletableFuture.supplyAsync(() -> takeFrom(patient));

        assertThat(batch).isNotDone();
        patient.offer(List.of(work(Lane.STANDARD, 4)));

        assertThat(batch.get(10, TimeUnit.SECONDS).orElseThrow().work()).hasSize(2);
    }

    @Test
    void aTaskThatWaitedWhileTheDeviceWasBusyDoesNotWaitForCompany() {
        Intake patient = new Intake(2, Duration.ofSeconds(1), costs, now::get);
        patient.offer(List.of(work(Lane.STANDARD, 4)));
        now.addAndGet(Duration.ofSeconds(2).toNanos());

        assertThat(takeFrom(patient).orElseThrow().work()).hasSize(1);
    }

    @Test
    void theDelayIsWhatIsOnTheDeviceAndWhatGoesBefore() throws InterruptedException {
        Work.Kind kind = work(Lane.STANDARD, 4).kind();
        costs.measured(kind, 1, Duration.ofSeconds(1));
        assertThat(intake.delay(Lane.BULK)).isZero();

        intake.offer(List.of(work(Lane.INTERACTIVE, 4)));
        take();
        now.addAndGet(Duration.ofMillis(400).toNanos());
        assertThat(intake.delay(Lane.INTERACTIVE)).isEqualTo(Duration.ofMillis(600));

        intake.offer(List.of(work(Lane.STANDARD, 4)));
        assertThat(intake.delay(Lane.STANDARD)).isEqualTo(Duration.ofMillis(1_600));
        assertThat(intake.delay(Lane.BULK)).isEqualTo(Duration.ofMillis(1_600));

        intake.done();
        assertThat(intake.delay(Lane.STANDARD)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void aBulkBatchMakesWayForWhatIsMoreUrgent() throws InterruptedException {
        Batch bulk = boarded(work(Lane.BULK, 4));
        assertThat(intake.takeBefore(bulk)).isEmpty();
        Work standard = work(Lane.STANDARD, 4);
        Work interactive = work(Lane.INTERACTIVE, 4);
        intake.offer(List.of(work(Lane.BULK, 4), standard, interactive));

        Batch first = intake.takeBefore(bulk).orElseThrow();
        intake.done();
        Batch second = intake.takeBefore(bulk).orElseThrow();
        intake.done();

        assertThat(first.work()).containsExactly(interactive);
        assertThat(second.work()).containsExactly(standard);
        assertThat(intake.takeBefore(bulk)).isEmpty();
    }

    @Test
    void onlyBulkMakesWay() throws InterruptedException {
        Batch standard = boarded(work(Lane.STANDARD, 4));
        intake.offer(List.of(work(Lane.INTERACTIVE, 4)));
        assertThat(intake.takeBefore(standard)).isEmpty();
        intake.done();
        Batch interactive = intake.take().orElseThrow();
        intake.offer(List.of(work(Lane.INTERACTIVE, 4)));

        assertThat(intake.takeBefore(interactive)).isEmpty();
    }

    @Test
    void aSuspectMakesNoWayOrItWouldBeBlamedForOthers() throws InterruptedException {
        Work plain = work(Lane.BULK, 4);
        Batch suspect = boarded(new Work(plain.task(), plain.delivery(), true));
        intake.offer(List.of(work(Lane.INTERACTIVE, 4)));
        costs.measured(plain.kind(), 1, Duration.ofSeconds(10));

        assertThat(intake.takeBefore(suspect)).isEmpty();
    }

    @Test
    void aClosedIntakeLetsNothingGoBefore() throws InterruptedException {
        Batch bulk = boarded(work(Lane.BULK, 4));
        intake.offer(List.of(work(Lane.INTERACTIVE, 4)));
        intake.close();

        assertThat(intake.takeBefore(bulk)).isEmpty();
    }

    @Test
    void aBulkBatchKeepsMoreUrgentLanesForAStepOnlyAndItsOwnUntilItsEnd() throws InterruptedException {
        costs.measured(work(Lane.BULK, 4).kind(), 1, Duration.ofSeconds(10));
        Batch bulk = boarded(work(Lane.BULK, 4));
        intake.offer(List.of(work(Lane.BULK, 4), work(Lane.BULK, 4)));
        bulk.progress(1, now.addAndGet(Duration.ofSeconds(2).toNanos()));
        intake.takeBefore(bulk);
        now.addAndGet(Duration.ofMillis(500).toNanos());

        assertThat(intake.delay(Lane.INTERACTIVE)).isEqualTo(Duration.ofMillis(1_500));
        assertThat(intake.delay(Lane.STANDARD)).isEqualTo(Duration.ofMillis(1_500));
        assertThat(intake.delay(Lane.BULK)).isEqualTo(Duration.ofMillis(27_500));
    }

    @Test
    void aBatchThatMadeWayIsWaitedForAsWell() throws InterruptedException {
        costs.measured(work(Lane.BULK, 4).kind(), 1, Duration.ofSeconds(10));
        Batch bulk = boarded(work(Lane.BULK, 4));
        bulk.progress(0, now.get());
        intake.offer(List.of(work(Lane.INTERACTIVE, 4)));
        assertThat(intake.takeBefore(bulk)).isPresent();
        now.addAndGet(Duration.ofSeconds(4).toNanos());
        assertThat(intake.delay(Lane.BULK)).isEqualTo(Duration.ofSeconds(16));

        now.addAndGet(Duration.ofSeconds(6).toNanos());
        intake.done();

        assertThat(intake.delay(Lane.BULK)).isEqualTo(Duration.ofSeconds(10));
        now.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(intake.delay(Lane.BULK)).isEqualTo(Duration.ofSeconds(9));
    }

    @Test
    void aClosedIntakeGivesNothing() {
        intake.offer(List.of(work(Lane.STANDARD, 4)));
        intake.close();

        assertThat(takeFrom(intake)).isEmpty();
    }

    private Batch boarded(Work work) throws InterruptedException {
        intake.offer(List.of(work));
        return intake.take().orElseThrow();
    }

    private List<Work> take() throws InterruptedException {
        return intake.take().orElseThrow().work();
    }

    private static Optional<Batch> takeFrom(Intake intake) {
        try {
            return intake.take();
        } catch (InterruptedException interrupt) {
            throw new IllegalStateException(interrupt);
        }
    }

    static Work work(Lane lane, int steps) {
        ConsumerRecord<String, byte[]> record =
                new ConsumerRecord<>(Topic.of(lane).topicName(), 0, 0, "key", new byte[0]);
        return new Work(Cloud.task(lane, "any", steps, SMALL), new Delivery(lane, record), false);
    }
}
