package dev.thunderhead.render.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thunderhead.job.Lane;
import dev.thunderhead.job.RenderTask;
import dev.thunderhead.storage.ObjectKeys;
import dev.thunderhead.wire.TaskEnvelope;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.junit.jupiter.api.Test;

/** Every delivery gets a verdict, whatever is thrown. */
class TaskIoTest {
    private final MemoryStore store = new MemoryStore();
    private final Attempts attempts = new Attempts(store);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final TaskIo io = new TaskIo(Runnable::run, attempts, Duration.ZERO, new WorkMetrics(registry));

    @Test
    void whatIsThrownGivesTheTaskBackAndIsCounted() {
        Delivery delivery = Deliveries.first();

        io.execute(delivery, "task", TaskIoTest::fail, TaskIoTest::fail);

        assertThat(delivery.verdict()).isCompletedWithValue(AcknowledgeType.RELEASE);
        assertThat(registry.counter("thunderhead.worker.io.errors").count()).isEqualTo(1);
    }

    @Test
    void theLastDeliveryIsEndedInsteadOfGivenBack() {
        Delivery delivery = Deliveries.last();

        io.execute(delivery, "task", TaskIoTest::fail, delivery::done);

        assertThat(delivery.verdict()).isCompletedWithValue(AcknowledgeType.ACCEPT);
    }

    @Test
    void evenALastResortThatFailsLeavesAVerdict() {
        Delivery delivery = Deliveries.last();

        io.execute(delivery, "task", TaskIoTest::fail, TaskIoTest::fail);

        assertThat(delivery.verdict()).isCompletedWithValue(AcknowledgeType.RELEASE);
    }

    @Test
    void whatFailsAfterTheEndChangesNothing() {
        Delivery delivery = Deliveries.first();

        io.execute(
                delivery,
                "task",
                () -> {
                    delivery.done();
                    fail();
                },
                TaskIoTest::fail);

        assertThat(delivery.verdict()).isCompletedWithValue(AcknowledgeType.ACCEPT);
    }

    @Test
    void aTaskThatIsGivenBackOrLostKeepsNoMarker() throws IOException {
        RenderTask task = Cloud.task(Lane.STANDARD, "innocent");
        Delivery givenBack = Deliveries.first();
        Delivery lost = Deliveries.first();
        attempts.begin(givenBack, TaskEnvelope.of(task));
        attempts.begin(lost, TaskEnvelope.of(task));
        io.withdrawWhenLost(lost);

        io.giveBack(givenBack, "task", TaskIoTest::fail);
        assertThat(store.list(ObjectKeys.attempts(task.account(), task.id()))).hasSize(1);
        lost.lose();

        assertThat(store.list(ObjectKeys.attempts(task.account(), task.id()))).isEmpty();
    }

    private static void fail() {
        throw new AssertionError("thrown by the test");
    }
}
