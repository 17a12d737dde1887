package dev.thunderhead.frontend;

import dev.thunderhead.frontend.account.Accounts;
import dev.thunderhead.frontend.account.KeysFile;
import dev.thunderhead.frontend.account.RateLimiter;
import dev.thunderhead.frontend.answer.PictureData;
import dev.thunderhead.frontend.batch.Batching;
import dev.thunderhead.frontend.file.Files;
import dev.thunderhead.frontend.http.ApiServer;
import dev.thunderhead.frontend.http.FileRoutes;
import dev.thunderhead.frontend.intake.IdempotencyKeys;
import dev.thunderhead.frontend.intake.JobIntake;
import dev.thunderhead.frontend.intake.OrphanedJobs;
import dev.thunderhead.frontend.job.Finisher;
import dev.thunderhead.frontend.job.JobCanceller;
import dev.thunderhead.frontend.job.JobEnding;
import dev.thunderhead.frontend.job.JobFactory;
import dev.thunderhead.frontend.job.JobListing;
import dev.thunderhead.frontend.job.JobLookup;
import dev.thunderhead.frontend.job.JobNews;
import dev.thunderhead.frontend.job.JobRecords;
import dev.thunderhead.frontend.job.JobSubmitter;
import dev.thunderhead.frontend.media.MediaSettings;
import dev.thunderhead.frontend.media.PictureAddresses;
import dev.thunderhead.frontend.media.PresignedAddresses;
import dev.thunderhead.frontend.media.StableAddresses;
import dev.thunderhead.frontend.metrics.FrontendMetrics;
import dev.thunderhead.frontend.queue.Admission;
import dev.thunderhead.frontend.queue.FeederGroup;
import dev.thunderhead.frontend.queue.FinisherGroup;
import dev.thunderhead.frontend.queue.KafkaPublisher;
import dev.thunderhead.frontend.queue.OpenTasks;
import dev.thunderhead.frontend.queue.Resolver;
import dev.thunderhead.frontend.queue.TaskTail;
import dev.thunderhead.frontend.request.GenerationRequestParser;
import dev.thunderhead.frontend.retention.Retention;
import dev.thunderhead.health.ManagementServer;
import dev.thunderhead.health.Readiness;
import dev.thunderhead.job.Lane;
import dev.thunderhead.kafka.KafkaConnection;
import dev.thunderhead.kafka.TopicSetup;
import dev.thunderhead.lifecycle.Closer;
import dev.thunderhead.storage.ObjectKeys;
import dev.thunderhead.storage.Outcomes;
import dev.thunderhead.storage.S3ObjectStore;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.IOException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running frontend. {@link Main}, the all-in-one and the tests all start it here. Thread-safe.
 */
public final class Frontend implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Frontend.class);
    private static final String SERVING = "api";
    private static final int BLOCKING_THREADS = 64;
    private static final int RECORD_READERS = 16;
    /** Each has a part of 5 MiB in memory on its way to the store: 160 MiB when all are running. */
    private static final int UPLOADS = 32;

    private static final Duration CLOSE = Duration.ofSeconds(10);

    private final FrontendConfig config;
    private final Clock clock = Clock.systemUTC();
    private final SecureRandom random = new SecureRandom();
    private final Readiness readiness = new Readiness();
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final FrontendMetrics metrics = new FrontendMetrics(registry);
    private final CompletableFuture<Integer> port = new CompletableFuture<>();
    private final Closer closer = new Closer();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final ManagementServer management;
    private final ApiServer api;

    private Frontend(FrontendConfig config) throws IOException, InterruptedException {
        this.config = config;
        readiness.waitFor(SERVING, "starting");
        try {
            this.management = closer.add(
                    ManagementServer.start(config.http().host(), config.managementPort(), readiness, registry::scrape));
            this.api = startUp();
        } catch (IOException | InterruptedException | RuntimeException problem) {
            closeAfter(problem);
            throw problem;
        }
        readiness.ready(SERVING);
        LOG.info("event=frontend_started port={} management_port={}", port(), managementPort());
    }

    /**
     * Starts a frontend; it listens when this returns, and is ready once {@link #readiness} says so.
     *
     * @throws IOException when a port is taken, or Kafka, the store or the keys file cannot be used; the message says
     *     which, and what to do
     */
    public static Frontend start(FrontendConfig config) throws IOException, InterruptedException {
        return new Frontend(config);
    }

    private ApiServer startUp() throws IOException, InterruptedException {
        CallSettings calls = config.calls();
        Accounts accounts = closer.add(Accounts.watch(new KeysFile(config.keysFile())));
        metrics.gauge("thunderhead.keys.file.failures", accounts::failedReads);
        S3ObjectStore store = closer.add(S3ObjectStore.open(config.store()));
        closer.add(StoreProbe.start(store, readiness));
        KafkaConnection kafka = new KafkaConnection(config.kafka());
        new TopicSetup(kafka).ensureTopics();

        ExecutorService blocking = threads("blocking", BLOCKING_THREADS);
        Outcomes outcomes = new Outcomes(store);
        ObjectKeys keys = new ObjectKeys(config.media().secret());
        KafkaPublisher publisher = closer.add(new KafkaPublisher(kafka, calls.produce()));
        OpenTasks openTasks = new OpenTasks(System::nanoTime);
        metrics.watch(openTasks, clock);
        JobNews news = new JobNews();
        metrics.gauge("thunderhead.jobs.awaited", news::awaited);
        TaskTail tail = closer.add(new TaskTail(kafka, openTasks, news::tell, metrics::unreadableRecord, readiness));
        metrics.gauge("thunderhead.tail.values.parsed", tail::parsed);
        tail.start();
        Vertx vertx = vertx();
        Webhooks webhooks = closer.add(Webhooks.start(
                config.webhooks(),
                kafka,
                calls.produce(),
                store,
                new StableAddresses(this::publicUrl, keys),
                vertx,
                new Webhooks.Means(readiness, metrics, clock, random)));

        JobRecords records = new JobRecords(store);
        Finisher finisher = new Finisher(store, outcomes, keys, records, webhooks.callbacks());
        FinisherGroup group =
                closer.add(new FinisherGroup(kafka, finisher::heard, metrics::unreadableRecord, readiness));
        group.start();
        closer.add(new Retention(
                config.retention(),
                store,
                store.lifecycle(),
                openTasks::isOpen,
                () -> readiness.isReady() && group.owns(0),
                clock));
        closer.add(new Resolver(
                openTasks, group::owns, outcomes, keys, publisher, calls.slack(), calls.submissionSettled(), clock));

        JobLookup lookup = new JobLookup(tail, records, outcomes, keys);
        JobCanceller canceller = new JobCanceller(outcomes, keys, publisher, clock);
        OrphanedJobs orphans = new OrphanedJobs(store, clock);
        IdempotencyKeys idempotency = new IdempotencyKeys(store, clock);
        JobIntake intake = new JobIntake(
                new JobFactory(clock, random, calls.deadline()),
                new JobSubmitter(publisher, canceller, keys, blocking),
                lookup,
                idempotency,
                orphans,
                new Admission(openTasks, calls.maxEstimatedWait(), clock),
                webhooks.parts().destinations(),
                calls.submissionSettled());
        GenerationRequestParser parser =
                new GenerationRequestParser(config.catalog(), webhooks.parts().destinations());
        PictureData pictures = new PictureData(addresses(store, keys), store, keys);
        // A batch's files are read days later.
        PictureData lasting = new PictureData(new StableAddresses(this::publicUrl, keys), store, keys);
        Files files = new Files(store, clock);
        FeederGroup feeders = closer.add(new FeederGroup(kafka, calls.produce(), readiness));
        Batching batching = Batching.of(
                parser,
                lasting,
                new Batching.Jobs(
                        tail,
                        news,
                        outcomes,
                        canceller,
                        publisher,
                        () -> openTasks.backlog(Lane.BULK).begun()),
                feeders,
                feeders,
                webhooks.callbacks(),
                new Batching.Means(
                        store,
                        files,
                        keys,
                        config.retention().results(),
                        metrics::unreadableRecord,
                        readiness,
                        clock,
                        random));
        metrics.gauge("thunderhead.batches.fed", batching.feeder()::batches);
        metrics.gauge("thunderhead.batches.tasks.open", batching.feeder()::openTasks);
        closer.add(batching.feeder()).start();
        feeders.start(batching.feeder()::look);
        return ApiServer.start(
                vertx,
                config.http(),
                calls.maxWait(),
                config.catalog(),
                new ApiServer.Access(accounts, new RateLimiter(System::nanoTime)),
                new ApiServer.Intake(parser, intake, idempotency, orphans, calls.hangUpGrace()),
                new ApiServer.Jobs(
                        tail,
                        news,
                        lookup,
                        new JobListing(tail, records, threads("record-reader", RECORD_READERS)),
                        canceller,
                        new JobEnding(tail, lookup, canceller, records, store, keys, clock, random),
                        config.retention().results()),
                new ApiServer.Pictures(
                        store, outcomes, keys, pictures, config.media().validity()),
                webhooks.parts(),
                batching,
                new FileRoutes.Parts(files, config.files(), uploads()),
                new ApiServer.Means(blocking, metrics, clock, random),
                port::complete);
    }

    private ExecutorService threads(String name, int count) {
        return closed(Executors.newFixedThreadPool(count, daemons(name)));
    }

    /** As many threads as there may be uploads at a time: who finds none free is told so, and does not wait in the dark. */
    private ThreadPoolExecutor uploads() {
        ThreadPoolExecutor threads =
                new ThreadPoolExecutor(0, UPLOADS, 1, TimeUnit.MINUTES, new SynchronousQueue<>(), daemons("upload"));
        closer.add(threads::shutdownNow);
        return threads;
    }

    private static ThreadFactory daemons(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    private ExecutorService closed(ExecutorService threads) {
        closer.add(threads::shutdownNow);
        return threads;
    }

    private Vertx vertx() {
        VertxOptions options = new VertxOptions();
        options.setFileSystemOptions(
                new FileSystemOptions().setClassPathResolvingEnabled(false).setFileCachingEnabled(false));
        Vertx vertx = Vertx.vertx(options);
        closer.add(
                () -> vertx.close().toCompletionStage().toCompletableFuture().get(CLOSE.toSeconds(), TimeUnit.SECONDS));
        return vertx;
    }

    private PictureAddresses addresses(S3ObjectStore store, ObjectKeys keys) {
        MediaSettings media = config.media();
        return switch (media.delivery()) {
            case REDIRECT -> new StableAddresses(this::publicUrl, keys);
            case PRESIGNED -> new PresignedAddresses(store, keys, media.validity());
        };
    }

    // Known once it listens, and nobody asks before.
    private URI publicUrl() {
        return config.media().publicUrl().orElseGet(() -> config.http().localUrl(port.join()));
    }

    /** Where the API listens. */
    public int port() {
        return port.join();
    }

    /** Where health, readiness and metrics are. */
    public int managementPort() {
        return management.port();
    }

    public Readiness readiness() {
        return readiness;
    }

    /** Says that it is not ready, lets requests in flight finish within the grace, and closes everything. Once. */
    @Override
    public void close() throws IOException {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        readiness.waitFor(SERVING, "stopping");
        api.drain(config.calls().grace());
        closer.close();
        LOG.info("event=frontend_stopped");
    }

    private void closeAfter(Exception problem) {
        try {
            closer.close();
        } catch (IOException later) {
            problem.addSuppressed(later);
        }
    }
}
