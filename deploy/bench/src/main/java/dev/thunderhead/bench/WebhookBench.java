package dev.thunderhead.bench;

import dev.thunderhead.backing.LocalBroker;
import dev.thunderhead.backing.LocalStore;
import dev.thunderhead.config.Environment;
import dev.thunderhead.frontend.Frontend;
import dev.thunderhead.frontend.FrontendConfig;
import dev.thunderhead.frontend.account.KeysFile;
import dev.thunderhead.frontend.account.Limits;
import dev.thunderhead.frontend.queue.KafkaDeliveryJournal;
import dev.thunderhead.frontend.webhook.CallbackPlanner;
import dev.thunderhead.frontend.webhook.Delivery;
import dev.thunderhead.frontend.webhook.DeliveryLog;
import dev.thunderhead.frontend.webhook.Endpoint;
import dev.thunderhead.frontend.webhook.Endpoints;
import dev.thunderhead.frontend.webhook.SigningSecret;
import dev.thunderhead.frontend.webhook.Target;
import dev.thunderhead.job.Account;
import dev.thunderhead.job.JobDescription;
import dev.thunderhead.job.JobId;
import dev.thunderhead.job.JobRecord;
import dev.thunderhead.job.Lane;
import dev.thunderhead.job.Outcome;
import dev.thunderhead.job.OutputFormat;
import dev.thunderhead.job.StageTimings;
import dev.thunderhead.kafka.KafkaConnection;
import dev.thunderhead.kafka.KafkaSettings;
import dev.thunderhead.model.ImageSize;
import dev.thunderhead.storage.S3ObjectStore;
import dev.thunderhead.storage.S3Settings;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * How many signed callbacks one frontend delivers in a second, to a receiver in the same process: from the journal alone,
 * and planned one by one as jobs end. Broker, store and frontend are the real ones. Goal: at least 1,000 a second.
 */
final class WebhookBench {
    private static final int ACCOUNTS = 8;
    private static final int WARM_UP = 5_000;
    private static final int DELIVERIES = 5_000;
    private static final int FINISHERS = 8;
    private static final String EVENT = "image.generation.completed";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final AtomicInteger received = new AtomicInteger();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final AtomicInteger unsigned = new AtomicInteger();
    private final List<Endpoint> endpoints = new ArrayList<>();
    private final KafkaDeliveryJournal journal;
    private final CallbackPlanner planner;

    private WebhookBench(KafkaDeliveryJournal journal, CallbackPlanner planner) {
        this.journal = journal;
        this.planner = planner;
    }

    public static void main(String[] arguments) throws Exception {
        Path data = BenchFolder.create();
        LocalStore.Credentials credentials = new LocalStore.Credentials("access", "secret-key");
        Vertx vertx = Vertx.vertx();
        try (LocalBroker broker = LocalBroker.start(data.resolve("kafka"), 0);
                LocalStore server = LocalStore.start(data.resolve("s3"), 0, credentials, "thunderhead");
                S3ObjectStore store = S3ObjectStore.open(settings(server, credentials));
                Frontend frontend = Frontend.start(
                        Environment.read(environment(data, broker, server, credentials), FrontendConfig::from));
                KafkaDeliveryJournal journal = new KafkaDeliveryJournal(
                        new KafkaConnection(new KafkaSettings(broker.bootstrap(), Map.of(), 2, 1)),
                        Duration.ofSeconds(30))) {
            while (!frontend.readiness().isReady()) {
                Thread.sleep(50);
            }
            Endpoints registry = new Endpoints(store);
            CallbackPlanner planner = new CallbackPlanner(
                    registry, new DeliveryLog(store), journal, (account, task, format) -> "https://p.example/x.png");
            new WebhookBench(journal, planner).run(vertx, registry);
        } finally {
            vertx.close();
        }
    }

    private static S3Settings settings(LocalStore server, LocalStore.Credentials credentials) {
        URI endpoint = URI.create(server.endpoint());
        return new S3Settings(
                endpoint, endpoint, "us-east-1", "thunderhead", credentials.accessKey(), credentials.secretKey());
    }

    private static Map<String, String> environment(
            Path data, LocalBroker broker, LocalStore server, LocalStore.Credentials credentials) throws IOException {
        KeysFile keys = new KeysFile(data.resolve("keys.json"));
        keys.add(new Account("acme"), Limits.STANDARD);
        Map<String, String> environment = new HashMap<>();
        environment.put("THUNDERHEAD_HOST", "127.0.0.1");
        environment.put("THUNDERHEAD_PORT", "0");
        environment.put("THUNDERHEAD_MANAGEMENT_PORT", "0");
        environment.put("THUNDERHEAD_KAFKA", broker.bootstrap());
        environment.put("THUNDERHEAD_KAFKA_PARTITIONS", "2");
        environment.put("THUNDERHEAD_S3_ENDPOINT", server.endpoint());
        environment.put("THUNDERHEAD_S3_ACCESS_KEY", credentials.accessKey());
        environment.put("THUNDERHEAD_S3_SECRET_KEY", credentials.secretKey());
        environment.put("THUNDERHEAD_KEYS_FILE", keys.path().toString());
        environment.put("THUNDERHEAD_MODELS", "deploy/models/tiny-lightning");
        environment.put("THUNDERHEAD_MEDIA_SECRET", "a secret of at least thirty-two characters");
        environment.put("THUNDERHEAD_WEBHOOK_ALLOW_PRIVATE", "true");
        return environment;
    }

    private void run(Vertx vertx, Endpoints registry) throws Exception {
        int port = vertx.createHttpServer()
                .requestHandler(call -> {
                    if (call.getHeader("webhook-signature") == null) {
                        unsigned.incrementAndGet();
                    }
                    received.incrementAndGet();
                    call.response().setStatusCode(204).end();
                })
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS)
                .actualPort();
        for (int i = 0; i < ACCOUNTS; i++) {
            Endpoint endpoint = endpoint("http://127.0.0.1:" + port + "/" + i);
            registry.register(account(i), endpoint);
            endpoints.add(endpoint);
        }
        measure(WARM_UP, this::journalOnly);
        Table table = new Table("signed deliveries", "count", "per second", "processor ms each, all in one process");
        row(table, "**out of the journal**", this::journalOnly);
        row(table, "planned as jobs end, and delivered", this::asJobsEnd);
        table.print(System.out);
        if (unsigned.get() > 0) {
            throw new IllegalStateException(unsigned + " calls were not signed");
        }
    }

    private void row(Table table, String what, Planning planning) throws Exception {
        long before = processorNanos();
        double perSecond = measure(DELIVERIES, planning);
        double millis = (processorNanos() - before) / 1e6 / DELIVERIES;
        table.row(
                what,
                DELIVERIES,
                String.format(Locale.ROOT, "%,.0f", perSecond),
                String.format(Locale.ROOT, "%.2f", millis));
    }

    private static long processorNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static Account account(int number) {
        return new Account("account-" + number);
    }

    private static Endpoint endpoint(String url) {
        Instant now = Instant.now();
        return new Endpoint(
                String.format(Locale.ROOT, "we_%016x%016x", RANDOM.nextLong(), RANDOM.nextLong()),
                "bench",
                url,
                Set.of(EVENT),
                true,
                now,
                now,
                List.of(SigningSecret.create(RANDOM)),
                Optional.empty(),
                Optional.empty());
    }

    private interface Planning {
        void plan(int count) throws Exception;
    }

    /** Calls received in a second, from the first to the last. */
    private double measure(int count, Planning planning) throws Exception {
        int before = received.get();
        long start = System.nanoTime();
        planning.plan(count);
        while (received.get() < before + count) {
            Thread.sleep(5);
            Throwable problem = failure.get();
            if (problem != null) {
                throw new IllegalStateException("a delivery was not planned", problem);
            }
        }
        return count / ((System.nanoTime() - start) / 1e9);
    }

    private void journalOnly(int count) {
        for (int i = 0; i < count; i++) {
            int turn = i % ACCOUNTS;
            JobRecord.Finished job = job(turn);
            Delivery delivery = Delivery.first(
                    job.account(),
                    new Target.Registered(endpoints.get(turn).id()),
                    job.id().value(),
                    EVENT,
                    "{\"object\":\"event\",\"data\":{\"id\":\"" + job.id() + "\",\"text\":\"" + "x".repeat(400)
                            + "\"}}",
                    job.completedAt());
            var unused = journal.plan(delivery).whenComplete((done, problem) -> {
                if (problem != null) {
                    failure.set(problem);
                }
            });
        }
    }

    private void asJobsEnd(int count) throws Exception {
        ExecutorService finishers = Executors.newFixedThreadPool(FINISHERS);
        for (int i = 0; i < count; i++) {
            int turn = i % ACCOUNTS;
            finishers.execute(() -> {
                try {
                    planner.plan(job(turn), false);
                } catch (IOException problem) {
                    failure.set(problem);
                }
            });
        }
        finishers.shutdown();
        finishers.awaitTermination(10, TimeUnit.MINUTES);
    }

    private static JobRecord.Finished job(int account) {
        Instant now = Instant.now();
        Outcome picture = new Outcome.Picture(
                OutputFormat.PNG,
                1,
                "0".repeat(64),
                7,
                4,
                new ImageSize(256, 256),
                "tiny-lightning",
                "build",
                1,
                new StageTimings(1, 1, List.of(1.0), 1, 1),
                now);
        JobDescription description = new JobDescription(
                Lane.STANDARD,
                "tiny-lightning",
                new ImageSize(256, 256),
                4,
                OutputFormat.PNG,
                1,
                false,
                0,
                now,
                Map.of(),
                Optional.empty());
        return JobRecord.Finished.of(JobId.create(now, RANDOM), account(account), description, List.of(picture));
    }
}
