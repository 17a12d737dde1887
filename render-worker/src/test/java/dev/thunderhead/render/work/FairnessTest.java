package dev.thunderhead.render.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thunderhead.job.Lane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who has the device, and who waits how long, on a device with a clock of its own: a step takes a second a picture. */
@Timeout(20)
class FairnessTest {
    private static final int STEPS = 4;
    private static final long STEP = Duration.ofSeconds(1).toNanos();
    private static final int BATCH = 4;

    private final AtomicLong now = new AtomicLong();
    private final CostModel costs = new CostModel();
    private final Intake intake = new Intake(BATCH, Duration.ZERO, costs, now::get);
    private final Map<Lane, Double> served = new EnumMap<>(Lane.class);
    private final Map<Work, Long> arrivals = new HashMap<>();
    private final List<Long> waits = new ArrayList<>();
    private final Random random = new Random(1);
    private Set<Lane> flooded = Set.of();
    private long nextVisitor = Long.MAX_VALUE;
    private long longestStep;
    private long sinceInteractive;
    private long longestWithoutInteractive;

    FairnessTest() {
        costs.measured(IntakeTest.work(Lane.BULK, STEPS).kind(), 1, Duration.ofNanos(STEP * (STEPS + 1)));
    }

    @Test
    void bulkGetsASixthOfTheDeviceWhileInteractiveIsSaturated() throws InterruptedException {
        flooded = Set.of(Lane.INTERACTIVE, Lane.BULK);

        render(Duration.ofHours(2));

        assertThat(share(Lane.BULK)).isBetween(0.15, 0.18);
    }

    @Test
    void everyLaneGetsItsShareWhileAllAreSaturated() throws InterruptedException {
        flooded = Set.of(Lane.values());

        render(Duration.ofHours(2));

        assertThat(share(Lane.BULK)).isBetween(0.1, 0.12);
        assertThat(share(Lane.STANDARD)).isBetween(0.32, 0.35);
    }

    @Test
    void whoWaitsForAPictureWaitsForOneStepOfBulkAtMost() throws InterruptedException {
        flooded = Set.of(Lane.BULK);
        nextVisitor = 10 * STEP;

        render(Duration.ofHours(2));

        assertThat(waits)
                .hasSizeGreaterThan(100)
                .allMatch(wait -> wait <= longestStep)
                .anyMatch(wait -> wait > 0);
        assertThat(longestStep).as("nobody had come before").isEqualTo(BATCH * STEP);
        assertThat(share(Lane.BULK)).isGreaterThan(0.8);
    }

    @Test
    void aSaturatedInteractiveLaneNeverWaitsForAWholeBulkBatch() throws InterruptedException {
        flooded = Set.of(Lane.BULK);
        render(Duration.ofMinutes(1));
        flooded = Set.of(Lane.INTERACTIVE, Lane.BULK);
        longestWithoutInteractive = 0;

        render(Duration.ofHours(2));

        // A fifth of what four interactive pictures took is what bulk has before the next ones.
        assertThat(longestWithoutInteractive).isLessThanOrEqualTo(BATCH * STEP + 2 * STEP);
    }

    private void render(Duration time) throws InterruptedException {
        long end = now.get() + time.toNanos();
        while (now.get() < end) {
            flood();
            paint(intake.take().orElseThrow());
        }
    }

    /** As the renderer does. */
    private void paint(Batch batch) {
        for (Work work : batch.work()) {
            Optional.ofNullable(arrivals.remove(work)).ifPresent(arrival -> waits.add(now.get() - arrival));
        }
        for (int step = 0; step <= STEPS; step++) {
            batch.progress(step, now.get());
            for (Optional<Batch> urgent = intake.takeBefore(batch);
                    urgent.isPresent();
                    urgent = intake.takeBefore(batch)) {
                paint(urgent.get());
            }
            pass(batch);
            flood();
        }
        intake.done();
    }

    private void pass(Batch batch) {
        long step = batch.work().size() * STEP;
        long end = now.get() + step;
        if (batch.lane() == Lane.BULK) {
            longestStep = Math.max(longestStep, step);
            sinceInteractive += step;
            longestWithoutInteractive = Math.max(longestWithoutInteractive, sinceInteractive);
        } else {
            sinceInteractive = 0;
        }
        while (nextVisitor < end) {
            now.set(Math.max(now.get(), nextVisitor));
            Work visitor = IntakeTest.work(Lane.INTERACTIVE, STEPS);
            arrivals.put(visitor, now.get());
            intake.offer(List.of(visitor));
            nextVisitor += 20 * STEP + random.nextLong(40 * STEP);
        }
        now.set(end);
        served.merge(batch.lane(), (double) step, Double::sum);
    }

    private void flood() {
        for (Lane lane : flooded) {
            while (intake.size(lane) < BATCH) {
                intake.offer(List.of(IntakeTest.work(lane, STEPS)));
            }
        }
    }

    private double share(Lane lane) {
        double all = served.values().stream().mapToDouble(time -> time).sum();
        return served.getOrDefault(lane, 0.0) / all;
    }
}
