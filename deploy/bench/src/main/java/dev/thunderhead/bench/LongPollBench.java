package dev.thunderhead.bench;

import dev.thunderhead.job.JobId;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * Ten thousand clients that wait for a job each, at one frontend: the memory they cost, and how long after their events
 * they are answered. Then the way from an event to an answer at another replica, one job at a time. Goals: at most 300 MB
 * of heap, all answers within 1 s; p50 at most 30 ms.
 */
final class LongPollBench {
    private static final int POLLS = 10_000;
    private static final int IN_FLIGHT = 64;
    private static final int POLLS_PER_SECOND = 1_000;
    /** Each also makes the finisher write a record, for which store and frontend need about 1 ms of a processor. */
    private static final int EVENTS_PER_SECOND = 300;

    private static final long SECOND = 1_000_000_000;
    private static final int JOBS = 300;
    private static final int WARM_UP = 50;
    /** Long enough for a poll to reach the frontend and wait there. */
    private static final long SETTLE_MILLIS = 20;

    private final Deployment deployment;
    private final BenchTasks tasks = new BenchTasks();
    private final KafkaProducer<String, byte[]> producer;

    private LongPollBench(Deployment deployment, KafkaProducer<String, byte[]> producer) {
        this.deployment = deployment;
        this.producer = producer;
    }

    static List<Table> run() throws IOException, InterruptedException {
        try (Deployment deployment = Deployment.start()) {
            Deployment.Frontend frontend = deployment.frontend("-Xmx300m");
            try (KafkaProducer<String, byte[]> producer = deployment.kafka().producer(10_000)) {
                LongPollBench bench = new LongPollBench(deployment, producer);
                return List.of(bench.many(frontend), bench.otherReplica(frontend));
            }
        }
    }

    private Table many(Deployment.Frontend frontend) throws IOException, InterruptedException {
        double before = frontend.process().heapMegabytes();
        try (JobClient client = new JobClient(frontend.port(), deployment.key(), POLLS)) {
            List<JobId> jobs = client.jobs(IN_FLIGHT, POLLS);
            double queued = frontend.process().heapMegabytes();
            List<ProducerRecord<String, byte[]>> events =
                    jobs.stream().map(tasks::succeeded).toList();
            AtomicLongArray published = new AtomicLongArray(POLLS);
            Latencies answers = new Latencies();
            CompletableFuture<Void> polls = client.begin(vertx -> Pace.keep(
                    vertx,
                    POLLS,
                    POLLS_PER_SECOND,
                    (index, due) -> client.poll(jobs.get(index))
                            .onSuccess(answer -> answers.add((System.nanoTime() - published.get(index)) / 1e6))));
            deployment.awaitWaiting(frontend, POLLS);
            double waiting = frontend.process().heapMegabytes();
            publish(events, published);
            JobClient.await(polls);
            return new Table("10,000 long polls at one frontend (`-Xmx300m`)", "")
                    .row("heap in use: idle", megabytes(before))
                    .row("with 10,000 queued jobs", megabytes(queued))
                    .row("**with a long poll for each**", megabytes(waiting))
                    .row("from event to answer, " + EVENTS_PER_SECOND + " events a second: p50", millis(answers, 50))
                    .row("p99", millis(answers, 99))
                    .row("**the last**", millis(answers, 100));
        }
    }

    /** Steadily, and on another thread than the one that hears the answers. */
    private void publish(List<ProducerRecord<String, byte[]>> events, AtomicLongArray published) {
        long start = System.nanoTime();
        for (int index = 0; index < events.size(); index++) {
            long due = start + index * SECOND / EVENTS_PER_SECOND;
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            published.set(index, System.nanoTime());
            publish(events.get(index));
        }
    }

    // An event that is lost shows: its poll is not answered.
    private void publish(ProducerRecord<String, byte[]> event) {
        Future<RecordMetadata> unused = producer.send(event);
    }

    private Table otherReplica(Deployment.Frontend first) throws IOException, InterruptedException {
        Deployment.Frontend second = deployment.frontend();
        Latencies answers = new Latencies();
        try (JobClient submitter = new JobClient(first.port(), deployment.key(), 1);
                JobClient poller = new JobClient(second.port(), deployment.key(), 1)) {
            for (int i = 0; i < WARM_UP + JOBS; i++) {
                JobId job = JobClient.await(submitter.begin(vertx -> submitter.job()));
                CompletableFuture<Long> answered =
                        poller.begin(vertx -> poller.poll(job).map(answer -> System.nanoTime()));
                Thread.sleep(SETTLE_MILLIS);
                ProducerRecord<String, byte[]> event = tasks.succeeded(job);
                long published = System.nanoTime();
                publish(event);
                double millis = (JobClient.await(answered) - published) / 1e6;
                if (i >= WARM_UP) {
                    answers.add(millis);
                }
            }
        }
        return new Table("from a task's event to the long poll's answer at another replica", "p50 ms", "p99 ms")
                .row(JOBS + " jobs, one at a time", answers.shown(50), answers.shown(99));
    }

    private static String megabytes(double value) {
        return String.format(Locale.ROOT, "%.0f MB", value);
    }

    private static String millis(Latencies times, double percent) {
        return times.shown(percent) + " ms";
    }
}
