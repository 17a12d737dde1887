package dev.thunderhead.render.work;

import dev.thunderhead.health.Readiness;
import dev.thunderhead.render.ModelSettings;
import dev.thunderhead.storage.ObjectStore;
import dev.thunderhead.wire.Topic;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.awaitility.Awaitility;

/** A workshop with a sleeping painter, and knobs to make it fail. */
final class TestWorker implements AutoCloseable {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final SleepingPainter painter;
    private final Workshop workshop;
    private final Studio studio;
    private final List<KafkaProducer<String, byte[]>> producers;
    private final Readiness readiness;
    private final SimpleMeterRegistry registry;

    private TestWorker(
            SleepingPainter painter,
            Workshop workshop,
            Studio studio,
            List<KafkaProducer<String, byte[]>> producers,
            Readiness readiness,
            SimpleMeterRegistry registry) {
        this.painter = painter;
        this.workshop = workshop;
        this.studio = studio;
        this.producers = producers;
        this.readiness = readiness;
        this.registry = registry;
    }

    /** What may differ from worker to worker. */
    record Options(
            Duration step,
            WorkSettings settings,
            PictureFiles files,
            UnaryOperator<ObjectStore> store,
            UnaryOperator<ShareConsumer<String, byte[]>> consumers) {
        static final Options USUAL = new Options(
                Duration.ofMillis(10),
                settings(4, Duration.ofSeconds(20)),
                (raster, task, model) -> row(raster),
                store -> store,
                consumer -> consumer);

        static WorkSettings settings(int batchSize, Duration grace) {
            return new WorkSettings(batchSize, Duration.ofMillis(30), Cloud.LOCK, Duration.ofSeconds(1), grace);
        }

        Options step(Duration other) {
            return new Options(other, settings, files, store, consumers);
        }

        Options settings(WorkSettings other) {
            return new Options(step, other, files, store, consumers);
        }

        Options files(PictureFiles other) {
            return new Options(step, settings, other, store, consumers);
        }

        Options store(UnaryOperator<ObjectStore> other) {
            return new Options(step, settings, files, other, consumers);
        }

        Options consumers(UnaryOperator<ShareConsumer<String, byte[]>> other) {
            return new Options(step, settings, files, store, other);
        }

        private static byte[] row(dev.thunderhead.render.pipeline.Raster raster) {
            byte[] row = new byte[3 * raster.size().width()];
            raster.copyRow(0, row, 0);
            return row;
        }
    }

    static TestWorker start(Cloud cloud) throws IOException {
        return start(cloud, Options.USUAL);
    }

    /** Starts a worker, and returns when it is ready. */
    static TestWorker start(Cloud cloud, Options options) throws IOException {
        SleepingPainter painter = new SleepingPainter(options.step());
        Studio studio = Studio.open(List.of(painter), options.files(), ModelSettings.previews());
        KafkaProducer<String, byte[]> producer = cloud.kafka().producer(5_000);
        KafkaProducer<String, byte[]> progress = cloud.kafka().producer(2_000);
        Readiness readiness = new Readiness();
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        Function<String, ShareConsumer<String, byte[]>> consumers = clientId -> options.consumers()
                .apply(cloud.kafka()
                        .shareConsumer(
                                Topic.RENDER_GROUP, clientId, options.settings().batchSize()));
        Workshop workshop = Workshop.open(new Workshop.Supplies(
                "worker-" + NUMBER.incrementAndGet(),
                options.settings(),
                cloud.kafka(),
                consumers,
                producer,
                progress,
                options.store().apply(cloud.store()),
                studio,
                new WorkMetrics(registry),
                readiness,
                Clock.systemUTC()));
        TestWorker worker = new TestWorker(painter, workshop, studio, List.of(producer, progress), readiness, registry);
        Awaitility.await("ready: " + readiness.problems())
                .atMost(Cloud.PATIENCE)
                .until(readiness::isReady);
        return worker;
    }

    SleepingPainter painter() {
        return painter;
    }

    Readiness readiness() {
        return readiness;
    }

    /** The sum of a counter over all its tags. */
    double count(String name) {
        return registry.find(name).counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    /** How many tasks its claims hold. */
    double held() {
        return registry.find("thunderhead.worker.tasks.held").gauges().stream()
                .mapToDouble(gauge -> gauge.value())
                .sum();
    }

    @Override
    public void close() {
        workshop.close();
        producers.forEach(KafkaProducer::close);
        studio.close();
    }
}
