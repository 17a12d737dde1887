package dev.thunderhead.frontend;

import dev.thunderhead.job.Lane;
import dev.thunderhead.job.Outcome;
import dev.thunderhead.job.RenderEvent;
import dev.thunderhead.job.RenderTask;
import dev.thunderhead.job.StageTimings;
import dev.thunderhead.kafka.KafkaConnection;
import dev.thunderhead.kafka.TaskRecords;
import dev.thunderhead.storage.ObjectStore;
import dev.thunderhead.storage.Outcomes;
import dev.thunderhead.wire.TaskEnvelope;
import dev.thunderhead.wire.Topic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.errors.WakeupException;

/**
 * Does as a worker does, less the rendering: claims a task, writes the outcome, publishes the event, accepts. Ends tasks
 * as the given rule says.
 */
final class FakeWorker implements AutoCloseable {
    private final Outcomes outcomes;
    private final Function<RenderTask, Outcome> rule;
    private final KafkaShareConsumer<String, byte[]> consumer;
    private final KafkaProducer<String, byte[]> producer;
    private final Thread thread;
    private volatile boolean closing;

    FakeWorker(KafkaConnection kafka, ObjectStore store, Function<RenderTask, Outcome> rule) {
        this.outcomes = new Outcomes(store);
        this.rule = rule;
        this.consumer = kafka.shareConsumer(Topic.RENDER_GROUP, "fake-worker", 1);
        this.producer = kafka.producer(10_000);
        this.thread = new Thread(this::run, "fake-worker");
        thread.start();
    }

    /** Paints every task at once. */
    static FakeWorker painting(Backing backing) {
        return new FakeWorker(backing.kafka(), backing.store, FakeWorker::picture);
    }

    /** The file that the task's picture would be. */
    static byte[] file(RenderTask task) {
        return ("picture of " + task.prompt() + " with seed " + task.seed()).getBytes(StandardCharsets.UTF_8);
    }

    static Outcome picture(RenderTask task) {
        return new Outcome.Picture(
                task.format(),
                file(task).length,
                sha256(file(task)),
                task.seed(),
                task.steps(),
                task.size(),
                task.model(),
                "build-1",
                1,
                new StageTimings(1.5, 2.25, List.of(3.0, 4.0, 5.0, 6.0), 7.0, 8.0),
                Instant.now());
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (java.security.NoSuchAlgorithmException problem) {
            throw new AssertionError(problem);
        }
    }

    private void run() {
        try (consumer;
                producer) {
            consumer.subscribe(Stream.of(Lane.values())
                    .map(lane -> Topic.of(lane).topicName())
                    .toList());
            while (!closing) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(500))) {
                    if (TaskRecords.open(record) instanceof TaskEnvelope.Content.Task content) {
                        endSurely(content.task());
                    }
                    consumer.acknowledge(record, AcknowledgeType.ACCEPT);
                }
            }
        } catch (WakeupException wakeup) {
            // Closed.
        } catch (Exception problem) {
            throw new AssertionError("the fake worker died", problem);
        }
    }

    /** Tries again while the store or the broker is away. */
    private void endSurely(RenderTask task) throws InterruptedException {
        Outcome outcome = rule.apply(task);
        while (!closing) {
            try {
                end(task, outcome);
                return;
            } catch (IOException | ExecutionException away) {
                Thread.sleep(200);
            }
        }
    }

    private void end(RenderTask task, Outcome outcome) throws IOException, ExecutionException, InterruptedException {
        Outcome stands = record(task, outcome);
        producer.send(TaskRecords.of(new RenderEvent(
                        task.id(),
                        task.account(),
                        Optional.of(task.job()),
                        task.outcomeKey(),
                        stands,
                        task.traceparent())))
                .get();
    }

    private Outcome record(RenderTask task, Outcome outcome) throws IOException {
        if (outcome instanceof Outcome.Picture picture) {
            return outcomes.record(task.outcomeKey(), picture, file(task));
        }
        return outcome instanceof Outcome.Failed failed
                ? outcomes.record(task.outcomeKey(), failed)
                : outcomes.record(task.outcomeKey(), (Outcome.Cancelled) outcome);
    }

    @Override
    public void close() {
        closing = true;
        consumer.wakeup();
        try {
            thread.join();
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        }
    }
}
