package dev.thunderhead.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * How many jobs a frontend takes in a second, beside {@link MinimalFrontend}, turn by turn in one run; then how long each
 * answer takes at half of that. Goals: at least 0.7 of it, and p99 at half load at most 25 ms.
 */
final class SubmitBench {
    private static final int IN_FLIGHT = 64;
    /** By then the compiler has seen what is worth its while. */
    private static final int WARM_UP_JOBS = 40_000;

    private static final Duration LONGEST_WARM_UP = Duration.ofSeconds(30);

    private static final Duration TURN = Duration.ofSeconds(4);
    private static final int TURNS = 5;
    private static final Duration HALF_LOAD = Duration.ofSeconds(8);
    private static final String TOPIC = "bench.minimal";
    private static final Pattern PORT = Pattern.compile("port=(\\d+)");

    private SubmitBench() {}

    /** One of the two. */
    private static final class Side {
        final String name;
        final ServiceProcess process;
        final JobClient client;
        final Latencies perSecond = new Latencies();
        final Latencies processorMicros = new Latencies();
        final Latencies answers = new Latencies();

        Side(String name, ServiceProcess process, JobClient client) {
            this.name = name;
            this.process = process;
            this.client = client;
        }

        void turn() throws IOException, InterruptedException {
            Duration before = process.processorTime();
            double rate = client.sustained(IN_FLIGHT, TURN);
            Duration used = process.processorTime().minus(before);
            perSecond.add(rate);
            processorMicros.add(used.toNanos() / 1e3 / (rate * TURN.toSeconds()));
        }

        void halfLoad() throws IOException, InterruptedException {
            double rate = perSecond.percentile(50) / 2;
            int count = (int) (rate * HALF_LOAD.toSeconds());
            JobClient.await(client.begin(vertx -> Pace.keep(
                    vertx,
                    count,
                    rate,
                    (index, due) ->
                            client.submit().onSuccess(answer -> answers.add((System.nanoTime() - due) / 1e6)))));
        }

        void row(Table table, double reference) {
            double rate = perSecond.percentile(50);
            table.row(
                    name,
                    String.format(Locale.ROOT, "%.0f", rate),
                    String.format(Locale.ROOT, "%.2f", rate / reference),
                    String.format(Locale.ROOT, "%.0f", processorMicros.percentile(50)),
                    answers.shown(50),
                    answers.shown(99));
        }
    }

    static Table run() throws IOException, InterruptedException, ExecutionException {
        try (Deployment deployment = Deployment.start()) {
            Deployment.Frontend frontend = deployment.frontend();
            ServiceProcess peer = peer(deployment);
            int peerPort = Integer.parseInt(peer.awaitLine(PORT).group(1));
            try (JobClient ours = new JobClient(frontend.port(), deployment.key(), IN_FLIGHT);
                    JobClient theirs = new JobClient(peerPort, deployment.key(), IN_FLIGHT)) {
                Side minimal = new Side("minimal handler", peer, theirs);
                Side thunderhead = new Side("Thunderhead", frontend.process(), ours);
                return compare(minimal, thunderhead);
            }
        }
    }

    private static ServiceProcess peer(Deployment deployment)
            throws IOException, InterruptedException, ExecutionException {
        try (Admin admin = deployment.kafka().admin()) {
            admin.createTopics(List.of(new NewTopic(TOPIC, Deployment.PARTITIONS, (short) 1)))
                    .all()
                    .get();
        }
        return deployment.program(
                MinimalFrontend.class,
                deployment.kafka().settings().bootstrap(),
                TOPIC,
                Integer.toString(new BenchTasks().recordBytes()));
    }

    private static Table compare(Side minimal, Side thunderhead) throws IOException, InterruptedException {
        List<Side> sides = List.of(minimal, thunderhead);
        for (Side side : sides) {
            side.client.submit(IN_FLIGHT, WARM_UP_JOBS, LONGEST_WARM_UP);
        }
        for (int turn = 0; turn < TURNS; turn++) {
            for (Side side : sides) {
                side.turn();
            }
        }
        for (Side side : sides) {
            side.halfLoad();
        }
        Table table = new Table(
                "`POST /v1/jobs`",
                "jobs/s",
                "of the minimal one",
                "its processor time, µs a job",
                "half load: p50 ms",
                "p99 ms");
        for (Side side : sides) {
            side.row(table, minimal.perSecond.percentile(50));
        }
        return table;
    }
}
