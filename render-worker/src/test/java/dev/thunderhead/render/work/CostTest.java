package dev.thunderhead.render.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thunderhead.job.Lane;
import dev.thunderhead.model.ImageSize;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How long renders are expected to take: before they begin, and while they run. */
class CostTest {
    private static final Work.Kind KIND = new Work.Kind("sleepy", 4, new ImageSize(64, 64));

    private final CostModel costs = new CostModel();

    @Test
    void whatWasNeverMeasuredCostsNothing() {
        assertThat(costs.expected(KIND, 3)).isZero();
    }

    @Test
    void costsGrowWithPicturesStepsAndPixels() {
        costs.measured(KIND, 1, Duration.ofMillis(500));

        assertThat(costs.expected(KIND, 1)).isEqualTo(Duration.ofMillis(500));
        assertThat(costs.expected(KIND, 3)).isEqualTo(Duration.ofMillis(1_500));
        assertThat(costs.expected(new Work.Kind("sleepy", 9, new ImageSize(64, 64)), 1))
                .isEqualTo(Duration.ofSeconds(1));
        assertThat(costs.expected(new Work.Kind("sleepy", 4, new ImageSize(128, 128)), 1))
                .isEqualTo(Duration.ofSeconds(2));
        assertThat(costs.expected(new Work.Kind("other", 4, new ImageSize(64, 64)), 1))
                .isZero();
    }

    @Test
    void theModelFollowsWhatIsMeasured() {
        costs.measured(KIND, 1, Duration.ofMillis(500));
        for (int i = 0; i < 30; i++) {
            costs.measured(KIND, 1, Duration.ofMillis(100));
        }

        assertThat(costs.expected(KIND, 1)).isBetween(Duration.ofMillis(99), Duration.ofMillis(101));
    }

    @Test
    void whatIsOnTheDeviceTakesAsLongAsItsFirstStepsForetell() {
        Batch batch = new Batch(List.of(IntakeTest.work(Lane.BULK, 4)), 0, Duration.ofSeconds(1));
        assertThat(batch.remaining(Duration.ofMillis(300).toNanos())).isEqualTo(Duration.ofMillis(700));

        batch.progress(1, Duration.ofSeconds(1).toNanos());

        assertThat(batch.remaining(Duration.ofSeconds(1).toNanos())).isEqualTo(Duration.ofSeconds(4));
    }

    @Test
    void theNextStepComesWhenThisOneHasTakenAsLongAsTheOthers() {
        Batch batch = new Batch(List.of(IntakeTest.work(Lane.BULK, 4)), 0, Duration.ofSeconds(10));
        assertThat(batch.untilNextStep(Duration.ofMillis(500).toNanos())).isEqualTo(Duration.ofMillis(1_500));

        batch.progress(1, Duration.ofSeconds(1).toNanos());

        assertThat(batch.step()).isEqualTo(Duration.ofSeconds(1));
        assertThat(batch.untilNextStep(Duration.ofMillis(1_200).toNanos())).isEqualTo(Duration.ofMillis(800));
    }

    @Test
    void theTimeInWhichABatchMadeWayIsNotItsOwn() {
        Batch batch = new Batch(List.of(IntakeTest.work(Lane.BULK, 4)), 0, Duration.ofSeconds(9));
        batch.progress(1, Duration.ofSeconds(1).toNanos());
        batch.suspend(Duration.ofSeconds(1).toNanos());
        assertThat(batch.remaining(Duration.ofSeconds(50).toNanos())).isEqualTo(Duration.ofSeconds(4));
        batch.resume(Duration.ofSeconds(101).toNanos());

        batch.progress(2, Duration.ofSeconds(102).toNanos());

        assertThat(batch.step()).isEqualTo(Duration.ofSeconds(1));
        assertThat(batch.remaining(Duration.ofSeconds(102).toNanos())).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void aBatchThatBeginsAgainForgetsItsFirstAttempt() {
        Batch batch = new Batch(List.of(IntakeTest.work(Lane.BULK, 4)), 0, Duration.ofSeconds(9));
        batch.progress(0, Duration.ofSeconds(60).toNanos());
        batch.progress(1, Duration.ofSeconds(61).toNanos());

        assertThat(batch.remaining(Duration.ofSeconds(61).toNanos())).isEqualTo(Duration.ofSeconds(4));
    }

    @Test
    void whatIsOverdueTakesAsMuchLongerAsItIsLate() {
        Batch batch = new Batch(List.of(IntakeTest.work(Lane.BULK, 4)), 0, Duration.ofSeconds(1));

        assertThat(batch.remaining(Duration.ofSeconds(6).toNanos())).isEqualTo(Duration.ofSeconds(5));
    }
}
