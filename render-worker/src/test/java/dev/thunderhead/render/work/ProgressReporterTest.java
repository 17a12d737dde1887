package dev.thunderhead.render.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thunderhead.job.Lane;
import dev.thunderhead.kafka.KafkaConnection;
import dev.thunderhead.kafka.KafkaSettings;
import dev.thunderhead.render.ModelSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ProgressReporterTest {
    /** Nobody listens on this port, so whoever sends there waits until he gives up. */
    private static final KafkaConnection NOWHERE =
            new KafkaConnection(new KafkaSettings("127.0.0.1:1", Map.of(), 1, 1));

    private static final int REPORTS = 5_000;

    @Test
    @Timeout(30)
    void theRenderThreadGoesOnWhileKafkaIsAwayAndTheRestIsDropped() throws IOException, InterruptedException {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (KafkaProducer<String, byte[]> producer = NOWHERE.producer(2_000);
                Studio studio = Studio.open(
                        List.of(new SleepingPainter(Duration.ofMillis(1))),
                        ModelSettings.files(1),
                        ModelSettings.previews())) {
            ProgressReporter reporter =
                    new ProgressReporter(producer, studio, Clock.systemUTC(), new WorkMetrics(registry));
            Thread thread = new Thread(reporter, "progress");
            thread.start();

            Work work = work(Lane.INTERACTIVE);
            for (int i = 0; i < REPORTS; i++) {
                reporter.stepDone(work, 1, Optional.empty());
            }

            // Had each waited for Kafka, this would have taken hours; and what may wait is bounded.
            assertThat(registry.counter("thunderhead.worker.progress.dropped").count())
                    .isGreaterThan(REPORTS - 1_000);
            reporter.stop();
            thread.join();
        }
    }

    private static Work work(Lane lane) {
        Delivery delivery = new Delivery(lane, new ConsumerRecord<>("tasks", 0, 0, "job", new byte[0]));
        return new Work(Cloud.task(lane, "watched"), delivery, false);
    }
}
