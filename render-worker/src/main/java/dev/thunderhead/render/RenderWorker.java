package dev.thunderhead.render;

import dev.thunderhead.health.ManagementServer;
import dev.thunderhead.health.Readiness;
import dev.thunderhead.kafka.KafkaConnection;
import dev.thunderhead.kafka.TopicSetup;
import dev.thunderhead.lifecycle.Closer;
import dev.thunderhead.render.work.Studio;
import dev.thunderhead.render.work.WorkMetrics;
import dev.thunderhead.render.work.Workshop;
import dev.thunderhead.storage.S3ObjectStore;
import dev.thunderhead.wire.Topic;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A render worker: claims tasks, renders them, records their outcomes. A process of its own, the all-in-one and the tests
 * all start it here. Thread-safe.
 */
public final class RenderWorker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RenderWorker.class);

    /** An event that Kafka has not taken by then is sent again. */
    private static final int DELIVERY_TIMEOUT_MILLIS = 10_000;

    /** Progress that is older is of no use. */
    private static final int PROGRESS_TIMEOUT_MILLIS = 2_000;

    private final Readiness readiness;
    private final ManagementServer management;
    private final Closer parts;

    private RenderWorker(Readiness readiness, ManagementServer management, Closer parts) {
        this.readiness = readiness;
        this.management = management;
        this.parts = parts;
    }

    /**
     * Starts a worker. The store, Kafka's topics and the studio are made ready at the same time, and health is served
     * meanwhile. It returns when the worker is at work; {@link #readiness} tells when it has joined the group.
     *
     * @param studio opens the studio, on a thread of its own; the worker closes it
     * @throws IOException when Kafka, the store or a model cannot be used; the message says what to do
     */
    public static RenderWorker start(WorkerConfig config, Callable<Studio> studio) throws IOException {
        Readiness readiness = new Readiness();
        readiness.waitFor("start", "opening the models, Kafka and the store");
        PrometheusMeterRegistry registry = registry();
        Closer parts = new Closer();
        parts.add(registry::close);
        try {
            ManagementServer management = parts.add(ManagementServer.start(
                    config.management().host(), config.management().port(), readiness, registry::scrape));
            parts.add(workshop(config, studio, new WorkMetrics(registry), readiness, parts));
            readiness.ready("start");
            LOG.info("event=worker_started worker={} management_port={}", config.workerId(), management.port());
            return new RenderWorker(readiness, management, parts);
        } catch (IOException | RuntimeException problem) {
            parts.closeAfter(problem);
            throw problem;
        }
    }

    private static Workshop workshop(
            WorkerConfig config, Callable<Studio> studio, WorkMetrics metrics, Readiness readiness, Closer parts)
            throws IOException {
        KafkaConnection kafka = new KafkaConnection(config.kafka());
        ExecutorService starters = Executors.newFixedThreadPool(3);
        Future<S3ObjectStore> store = starters.submit(() -> S3ObjectStore.open(config.store()));
        parts.add(() -> closeOpened(store));
        Future<Studio> opening = starters.submit(studio);
        parts.add(() -> closeOpened(opening));
        Future<Boolean> topics = starters.submit(() -> {
            TopicSetup setup = new TopicSetup(kafka);
            setup.ensureTopics();
            setup.ensureShareGroup(config.work().lock());
            return true;
        });
        starters.shutdown();
        // In this order, since an unreachable Kafka is the last to be noticed.
        S3ObjectStore openedStore = opened(store);
        Studio openedStudio = opened(opening);
        opened(topics);
        KafkaProducer<String, byte[]> producer = parts.add(kafka.producer(DELIVERY_TIMEOUT_MILLIS));
        KafkaProducer<String, byte[]> progress = parts.add(kafka.producer(PROGRESS_TIMEOUT_MILLIS));
        return Workshop.open(new Workshop.Supplies(
                config.workerId(),
                config.work(),
                kafka,
                clientId -> kafka.shareConsumer(
                        Topic.RENDER_GROUP, clientId, config.work().batchSize()),
                producer,
                progress,
                openedStore,
                openedStudio,
                metrics,
                readiness,
                Clock.systemUTC()));
    }

    private static <T> T opened(Future<T> opening) throws IOException {
        try {
            return opening.get();
        } catch (ExecutionException problem) {
            throw new IOException(
                    Objects.requireNonNullElse(problem.getCause(), problem).getMessage(), problem);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while starting", interrupt);
        }
    }

    private static void closeOpened(Future<? extends AutoCloseable> opening) throws Exception {
        AutoCloseable part;
        try {
            part = opening.get();
        } catch (ExecutionException neverOpened) {
            return;
        }
        part.close();
    }

    private static PrometheusMeterRegistry registry() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        new JvmMemoryMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        return registry;
    }

    /** What it waits for, and what has died. */
    public Readiness readiness() {
        return readiness;
    }

    /** The port that serves health and metrics. */
    public int managementPort() {
        return management.port();
    }

    /**
     * Drains: not ready, claims nothing more, renders on for the grace period, gives the rest back, and then closes what
     * it has opened. A second call does nothing.
     */
    @Override
    public void close() {
        readiness.waitFor("drain", "the worker stops");
        try {
            parts.close();
        } catch (IOException problem) {
            LOG.warn("event=close_failed error=\"{}\"", problem.toString(), problem);
        }
        LOG.info("event=worker_stopped");
    }
}
