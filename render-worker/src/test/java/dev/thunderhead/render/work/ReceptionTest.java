package dev.thunderhead.render.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thunderhead.job.Lane;
import dev.thunderhead.job.RenderTask;
import dev.thunderhead.kafka.TaskRecords;
import dev.thunderhead.model.ImageSize;
import dev.thunderhead.storage.Outcomes;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is let in of that which several claims bring. */
@Timeout(20)
class ReceptionTest {
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final CostModel costs = new CostModel();
    private final Intake intake = new Intake(1, Duration.ZERO, costs, System::nanoTime);
    private final Reception reception = reception();

    private Reception reception() {
        WorkMetrics metrics = new WorkMetrics(new SimpleMeterRegistry());
        Attempts attempts = new Attempts(new MemoryStore());
        TaskIo io = new TaskIo(Runnable::run, attempts, Duration.ZERO, metrics);
        Outcomes outcomes = new Outcomes(new MemoryStore());
        Announcer announcer = new Announcer(
                new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer()), "worker");
        PictureFiles files = (raster, task, model) -> new byte[1];
        Clock clock = Clock.systemUTC();
        return new Reception(
                Map.of(SleepingPainter.MODEL.id(), SleepingPainter.MODEL),
                new StopCheck(new Cancellations(10), clock),
                intake,
                new Recorder(outcomes, attempts, announcer, files, io, clock, metrics),
                outcomes,
                attempts,
                new Retry(clock),
                io,
                metrics);
    }

    @Test
    void ofTwoLongTasksThatTwoClaimsBringAtTheSameMomentOneGoesBack() {
        Delivery one = longTask(1);
        Delivery other = longTask(1);
        CountDownLatch bothAsk = new CountDownLatch(2);

        bring(bothAsk, one, other);

        assertThat(intake.size(Lane.INTERACTIVE)).isEqualTo(1);
        assertThat(Stream.of(one, other).map(delivery -> delivery.verdict().getNow(AcknowledgeType.RENEW)))
                .containsExactlyInAnyOrder(AcknowledgeType.RENEW, AcknowledgeType.RELEASE);
    }

    @Test
    void whatWentBackBeforeStaysEvenIfTheDeviceIsBusy() {
        Delivery again = longTask(2);

        reception.accept(List.of(again), () -> true);

        assertThat(intake.size(Lane.INTERACTIVE)).isEqualTo(1);
        assertThat(again.verdict()).isNotDone();
    }

    /** Each asks whether the device is busy once the other one asks as well, or will not for now. */
    private void bring(CountDownLatch bothAsk, Delivery... deliveries) {
        CompletableFuture<?>[] claims = Stream.of(deliveries)
                .map(delivery -> CompletableFuture.runAsync(() -> reception.accept(List.of(delivery), () -> {
                    boolean busy = intake.delay(Lane.INTERACTIVE).compareTo(PATIENCE) > 0;
                    bothAsk.countDown();
                    await(bothAsk);
                    return busy;
                })))
                .toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(claims).join();
    }

    private static void await(CountDownLatch latch) {
        try {
            boolean unused = latch.await(300, TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupt) {
            throw new AssertionError(interrupt);
        }
    }

    /** A task of 32 steps, of which a second is known to be a step. */
    private Delivery longTask(int deliveryCount) {
        RenderTask task = Cloud.task(Lane.INTERACTIVE, "long", 32, new ImageSize(64, 64));
        costs.measured(new Work.Kind(task.model(), 32, task.size()), 1, Duration.ofSeconds(33));
        return Deliveries.of(TaskRecords.of(task), Lane.INTERACTIVE, deliveryCount);
    }
}
