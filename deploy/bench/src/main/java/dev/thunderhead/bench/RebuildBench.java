package dev.thunderhead.bench;

import dev.thunderhead.frontend.queue.FinisherGroup;
import dev.thunderhead.job.JobId;
import dev.thunderhead.kafka.KafkaConnection;
import dev.thunderhead.kafka.KafkaSettings;
import dev.thunderhead.kafka.TopicSetup;
import dev.thunderhead.wire.Topic;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * How long a frontend takes from the start of its process until it knows every open task again: 100,000 of them, among a
 * million events that came later than the oldest, so that all have to be read. Goal: at most 15 s.
 */
final class RebuildBench {
    private static final int OPEN = 100_000;
    private static final int EVENTS_PER_TASK = 10;
    private static final int STARTS = 3;

    private RebuildBench() {}

    public static void main(String[] arguments) throws Exception {
        Table table = new Table("start", "until ready", "processor time of the frontend");
        try (Deployment deployment = Deployment.start()) {
            new TopicSetup(deployment.kafka()).ensureTopics();
            write(deployment.kafka().settings());
            commitEvents(deployment.kafka());
            for (int start = 1; start <= STARTS; start++) {
                long begun = System.nanoTime();
                Deployment.Frontend frontend = deployment.frontend();
                double ready = Seconds.since(begun);
                Duration processor = frontend.process().processorTime();
                frontend.process().close();
                table.row(start, Seconds.shown(ready), Seconds.shown(processor.toMillis() / 1e3));
            }
        }
        table.print(System.out);
        System.exit(0);
    }

    private static void write(KafkaSettings settings) throws IOException {
        KafkaConnection connection = new KafkaConnection(new KafkaSettings(
                settings.bootstrap(),
                Map.of("linger.ms", "20", "batch.size", "262144"),
                settings.partitions(),
                settings.replication()));
        AtomicLong failed = new AtomicLong();
        BenchTasks tasks = new BenchTasks();
        SplittableRandom random = new SplittableRandom(1);
        try (KafkaProducer<String, byte[]> producer = connection.producer(60_000)) {
            for (int i = 0; i < OPEN; i++) {
                send(producer, tasks.queued(JobId.create(Instant.now(), random)), failed);
                for (int j = 0; j < EVENTS_PER_TASK; j++) {
                    send(producer, tasks.succeeded(JobId.create(Instant.now(), random)), failed);
                }
            }
        }
        if (failed.get() > 0) {
            throw new IOException(failed + " records could not be written");
        }
    }

    private static void send(
            KafkaProducer<String, byte[]> producer, ProducerRecord<String, byte[]> record, AtomicLong failed) {
        // The callback tells as much, without anybody waiting.
        var unused = producer.send(record, (metadata, problem) -> failed.addAndGet(problem == null ? 0 : 1));
    }

    /** As the finisher does when it has recorded all that stands there now. */
    private static void commitEvents(KafkaConnection kafka) {
        try (KafkaConsumer<String, byte[]> finisher =
                kafka.consumer(Map.of("group.id", FinisherGroup.GROUP, "group.protocol", "classic"))) {
            List<TopicPartition> events = finisher.partitionsFor(Topic.EVENTS.topicName()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            finisher.assign(events);
            finisher.commitSync(finisher.endOffsets(events).entrySet().stream()
                    .collect(Collectors.toMap(Map.Entry::getKey, end -> new OffsetAndMetadata(end.getValue()))));
        }
    }
}
