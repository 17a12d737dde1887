package dev.thunderhead.bench;

import dev.thunderhead.backing.LocalBroker;
import dev.thunderhead.backing.LocalStore;
import dev.thunderhead.config.Environment;
import dev.thunderhead.job.Account;
import dev.thunderhead.job.Cancellation;
import dev.thunderhead.job.JobDescription;
import dev.thunderhead.job.JobId;
import dev.thunderhead.job.Lane;
import dev.thunderhead.job.OutputFormat;
import dev.thunderhead.job.RenderTask;
import dev.thunderhead.job.TaskId;
import dev.thunderhead.kafka.KafkaConnection;
import dev.thunderhead.kafka.TaskRecords;
import dev.thunderhead.model.ImageSize;
import dev.thunderhead.render.RenderWorker;
import dev.thunderhead.render.WorkerConfig;
import dev.thunderhead.render.pipeline.Device;
import dev.thunderhead.render.pipeline.LightningPainter;
import dev.thunderhead.storage.ObjectKeys;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.clients.producer.KafkaProducer;

/**
 * How soon the renderer is free when the job that it works on is called off: the built-in model at 1024x1024, where a step
 * takes long, called off at a random moment. Goal: at most one step and 250 ms after the cancellation is published.
 */
final class CancelBench {
    private static final int ROUNDS = 30;
    private static final ImageSize SIZE = new ImageSize(1024, 1024);
    private static final int STEPS = 8;
    private static final Account ACCOUNT = new Account("bench");
    private static final ObjectKeys KEYS = new ObjectKeys("no secret, since nobody else asks here");

    private CancelBench() {}

    public static void main(String[] arguments) throws Exception {
        Path data = BenchFolder.create();
        LocalStore.Credentials credentials = new LocalStore.Credentials("bench", "bench-secret");
        WatchedPainter painter =
                new WatchedPainter(LightningPainter.load(BenchModel.TINY, new Device.Cpu(), BenchModel.threads()));
        try (LocalBroker broker = LocalBroker.start(data.resolve("kafka"), 0);
                LocalStore store = LocalStore.start(data.resolve("s3"), 0, credentials, "thunderhead")) {
            WorkerConfig config = Environment.read(environment(broker, store, credentials), WorkerConfig::from);
            try (RenderWorker worker = RenderWorker.start(config, () -> BenchModel.studio(painter));
                    KafkaProducer<String, byte[]> producer = new KafkaConnection(config.kafka()).producer(10_000)) {
                while (!worker.readiness().isReady()) {
                    Thread.sleep(100);
                }
                measure(painter, producer);
            }
        }
    }

    private static void measure(WatchedPainter painter, KafkaProducer<String, byte[]> producer) throws Exception {
        Random random = new Random(1);
        Latencies steps = new Latencies();
        Latencies freed = new Latencies();
        Latencies beyond = new Latencies();
        for (int round = 0; round < ROUNDS; round++) {
            RenderTask task = task(round);
            producer.send(TaskRecords.of(task)).get();
            Duration step = painter.awaitSteps(2);
            Thread.sleep(random.nextInt((int) step.toMillis()));
            long called = System.nanoTime();
            producer.send(TaskRecords.of(new Cancellation(task.id().job()))).get();
            WatchedPainter.Freed end = painter.awaitFree();
            double lastStep = end.lastStep().toNanos() / 1e6;
            double millis = (end.at() - called) / 1e6;
            steps.add(lastStep);
            freed.add(millis);
            beyond.add(millis - lastStep);
        }
        new Table("called off at a random moment, " + SIZE + ", " + ROUNDS + " times", "p50 ms", "most ms")
                .row("a step", steps.shown(50), steps.shown(100))
                .row("from the cancellation to the free renderer", freed.shown(50), freed.shown(100))
                .row("of it, beyond the step it fell into", beyond.shown(50), beyond.shown(100))
                .print(System.out);
    }

    private static Map<String, String> environment(
            LocalBroker broker, LocalStore store, LocalStore.Credentials credentials) {
        Map<String, String> environment = new HashMap<>();
        environment.put("THUNDERHEAD_KAFKA", broker.bootstrap());
        environment.put("THUNDERHEAD_KAFKA_PARTITIONS", "1");
        environment.put("THUNDERHEAD_S3_ENDPOINT", store.endpoint());
        environment.put("THUNDERHEAD_S3_ACCESS_KEY", credentials.accessKey());
        environment.put("THUNDERHEAD_S3_SECRET_KEY", credentials.secretKey());
        environment.put("THUNDERHEAD_MANAGEMENT_PORT", "0");
        return environment;
    }

    private static RenderTask task(int round) {
        TaskId id = new TaskId(JobId.create(Instant.now(), new Random()), 0);
        JobDescription job = new JobDescription(
                Lane.INTERACTIVE,
                "tiny-lightning",
                SIZE,
                STEPS,
                OutputFormat.PNG,
                1,
                false,
                0,
                Instant.now(),
                Map.of(),
                Optional.empty());
        Instant deadline = Instant.now().plus(Lane.INTERACTIVE.deadline());
        return new RenderTask(
                id, ACCOUNT, job, "a red heart", round, 100, false, deadline, KEYS.outcome(ACCOUNT, id), "");
    }
}
