package dev.thunderhead.bench;

import dev.thunderhead.job.JobId;
import dev.thunderhead.job.Lane;
import dev.thunderhead.model.ModelDescriptor;
import dev.thunderhead.render.RenderWorker;
import dev.thunderhead.standalone.PictureClient;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * How the lanes share one device, with two frontends. One caller at a time, who comes at a random moment of what the
 * device does, first while nothing else waits and then while 5,000 bulk tasks do. Goal: p99 at most 1.5 times as long.
 * Then so many callers that the device cannot keep up. Goal: bulk has at least a tenth of the device's time.
 */
final class LaneFairness {
    private static final Duration BATCH_TIME = Duration.ofMillis(250);
    private static final int WAITING = 5_000;
    /** What is rendered while the callers are measured comes on top. */
    private static final int BULK = WAITING + 2_000;

    private static final int WARM_UP = 40;
    private static final int REQUESTS = 300;
    private static final int LONGEST_PAUSE_MILLIS = 200;
    private static final int IN_FLIGHT = 16;
    private static final Duration SATURATED = Duration.ofSeconds(30);
    private static final Map<String, Object> REQUEST = Map.of("prompt", "a photograph", "seed", 1);

    private LaneFairness() {}

    static List<Table> run() throws IOException, InterruptedException, ExecutionException {
        try (Deployment deployment = Deployment.start(Deployment.ONE_PARTITION)) {
            List<PictureClient> clients = List.of(client(deployment), client(deployment));
            ModelDescriptor model = ModelDescriptor.read(BenchModel.TINY);
            RenderWorker worker = deployment.worker(new SleepingPainter(model, BATCH_TIME));
            return List.of(oneCaller(deployment, clients, worker), manyCallers(clients.get(0), worker));
        }
    }

    private static PictureClient client(Deployment deployment) throws IOException, InterruptedException {
        return new PictureClient(deployment.frontend().api(), deployment.key());
    }

    private static Table oneCaller(Deployment deployment, List<PictureClient> clients, RenderWorker worker)
            throws IOException, InterruptedException, ExecutionException {
        call(clients, WARM_UP);
        Latencies idle = call(clients, REQUESTS);
        flood(deployment);
        call(clients, WARM_UP);
        Latencies busy = call(clients, REQUESTS);
        double rendered = DeviceUse.read(worker).pictures(Lane.BULK);
        if (BULK - rendered < WAITING) {
            throw new IOException("only " + (BULK - rendered) + " bulk tasks still wait");
        }
        return new Table(
                        "interactive, one caller, " + REQUESTS + " times",
                        "p50 ms",
                        "p90 ms",
                        "p99 ms",
                        "of the idle p99")
                .row("nothing else waits", idle.shown(50), idle.shown(90), idle.shown(99), "1")
                .row(
                        String.format(Locale.ROOT, "%,d bulk tasks wait", WAITING),
                        busy.shown(50),
                        busy.shown(90),
                        busy.shown(99),
                        FairnessBench.shown(busy.percentile(99) / idle.percentile(99)));
    }

    private static Latencies call(List<PictureClient> clients, int count) throws IOException, InterruptedException {
        Random random = new Random(1);
        Latencies latencies = new Latencies();
        for (int i = 0; i < count; i++) {
            Thread.sleep(random.nextInt(LONGEST_PAUSE_MILLIS));
            long start = System.nanoTime();
            clients.get(i % clients.size()).generate(REQUEST);
            latencies.add((System.nanoTime() - start) / 1e6);
        }
        return latencies;
    }

    private static void flood(Deployment deployment) throws InterruptedException, ExecutionException {
        BenchTasks tasks = new BenchTasks();
        Random random = new Random();
        try (KafkaProducer<String, byte[]> producer = deployment.kafka().producer(60_000)) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int i = 0; i < BULK; i++) {
                sent.add(producer.send(tasks.queued(JobId.create(Instant.now(), random), Lane.BULK)));
            }
            for (Future<RecordMetadata> record : sent) {
                record.get();
            }
        }
    }

    private static Table manyCallers(PictureClient client, RenderWorker worker)
            throws IOException, InterruptedException {
        DeviceUse before = DeviceUse.read(worker);
        Saturation.picturesPerSecond(client, REQUEST, IN_FLIGHT, SATURATED);
        DeviceUse use = DeviceUse.read(worker).since(before);
        Table table =
                new Table(IN_FLIGHT + " interactive callers, bulk waits", "of the device's time", "of the pictures");
        for (Lane lane : List.of(Lane.INTERACTIVE, Lane.BULK)) {
            table.row(
                    lane.name().toLowerCase(Locale.ROOT),
                    FairnessBench.shown(use.seconds(lane) / use.seconds()),
                    FairnessBench.shown(use.pictures(lane) / use.pictures()));
        }
        return table;
    }
}
