package dev.thunderhead.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thunderhead.frontend.queue.FinisherGroup;
import dev.thunderhead.job.JobId;
import dev.thunderhead.job.Outcome;
import dev.thunderhead.job.RenderEvent;
import dev.thunderhead.job.RenderTask;
import dev.thunderhead.kafka.KafkaConnection;
import dev.thunderhead.kafka.KafkaSettings;
import dev.thunderhead.kafka.TaskRecords;
import dev.thunderhead.kafka.TopicSetup;
import dev.thunderhead.wire.Topic;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("survival")
class RebuildIT {
    private static final int OPEN = 100_000;
    private static final int PAST = 100_000;
    /** Past events that the finisher has not recorded yet. */
    private static final int UNRECORDED = 100;

    private static final Random RANDOM = new Random(1);

    @TempDir
    Path data;

    /** Fills the journal; its writer waits for nothing but the end. */
    private static final class Writer implements AutoCloseable {
        private final KafkaProducer<String, byte[]> producer;
        private final AtomicLong failed = new AtomicLong();

        Writer(Backing backing) {
            KafkaSettings settings = backing.kafka().settings();
            this.producer = new KafkaConnection(new KafkaSettings(
                            settings.bootstrap(),
                            Map.of("linger.ms", "20", "batch.size", "262144", "buffer.memory", "67108864"),
                            settings.partitions(),
                            settings.replication()))
                    .producer(60_000);
        }

        void write(ProducerRecord<String, byte[]> record) {
            var unused = producer.send(record, (metadata, problem) -> failed.addAndGet(problem == null ? 0 : 1));
        }

        @Override
        public void close() {
            producer.close();
            assertThat(failed).hasValue(0);
        }
    }

    private static RenderTask task() {
        return TailIT.task(JobId.create(Instant.now(), RANDOM), 0, 1);
    }

    private static RenderEvent end(RenderTask task) {
        return new RenderEvent(
                task.id(),
                task.account(),
                Optional.of(task.job()),
                task.outcomeKey(),
                new Outcome.Cancelled("over", Instant.now()),
                task.traceparent());
    }

    /** As the finisher does when it has recorded all that stands there now. */
    private static void commitEvents(Backing backing) {
        try (KafkaConsumer<String, byte[]> finisher =
                backing.kafka().consumer(Map.of("group.id", FinisherGroup.GROUP, "group.protocol", "classic"))) {
            List<TopicPartition> events = finisher.partitionsFor(Topic.EVENTS.topicName()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            finisher.assign(events);
            finisher.commitSync(finisher.endOffsets(events).entrySet().stream()
                    .collect(Collectors.toMap(Map.Entry::getKey, end -> new OffsetAndMetadata(end.getValue()))));
        }
    }

    @Test
    void aHundredThousandOpenTasksAmongPastEventsAreKnownAgain() throws Exception {
        try (Backing backing = new Backing(data)) {
            new TopicSetup(backing.kafka()).ensureTopics();
            RenderTask endedAndOpen = task();
            try (Writer writer = new Writer(backing)) {
                writer.write(TaskRecords.of(endedAndOpen));
                // The oldest open task comes before all events, so all of them are read.
                for (int i = 0; i < OPEN; i++) {
                    writer.write(TaskRecords.of(task()));
                    for (int j = 0; j < PAST / OPEN; j++) {
                        writer.write(TaskRecords.of(end(task())));
                    }
                }
                writer.write(TaskRecords.of(end(endedAndOpen)));
            }
            commitEvents(backing);
            try (Writer writer = new Writer(backing)) {
                for (int i = 0; i < UNRECORDED; i++) {
                    writer.write(TaskRecords.of(end(task())));
                }
            }
            try (Frontend frontend = backing.frontend(Backing.CALLS)) {
                assertThat(Backing.metric(frontend, "thunderhead_tasks_open{lane=\"standard\"}"))
                        .isEqualTo(OPEN);
                // The tasks, what the finisher has not recorded, and the one end of a task that was read as open.
                assertThat(Backing.metric(frontend, "thunderhead_tail_values_parsed"))
                        .isEqualTo(OPEN + 1 + UNRECORDED + 1);
            }
        }
    }
}
