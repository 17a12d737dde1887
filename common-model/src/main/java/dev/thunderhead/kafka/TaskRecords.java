package dev.thunderhead.kafka;

import dev.thunderhead.job.Cancellation;
import dev.thunderhead.job.RenderEvent;
import dev.thunderhead.job.RenderProgress;
import dev.thunderhead.job.RenderTask;
import dev.thunderhead.wire.Json;
import dev.thunderhead.wire.TaskEnvelope;
import dev.thunderhead.wire.Topic;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;

/** Turns what we say into Kafka's records and back. All are keyed by job id, so that a job stays in one partition. */
public final class TaskRecords {
    private static final Map<String, String> SCHEMA =
            Map.of(TaskEnvelope.SCHEMA_HEADER, Integer.toString(TaskEnvelope.SCHEMA));

    private TaskRecords() {}

    public static ProducerRecord<String, byte[]> of(RenderTask task) {
        return record(
                Topic.of(task.lane()),
                task.id().job().value(),
                Json.bytes(task),
                TaskEnvelope.of(task).headers());
    }

    public static ProducerRecord<String, byte[]> of(RenderEvent event) {
        Map<String, String> headers = Map.of(
                TaskEnvelope.SCHEMA_HEADER,
                Integer.toString(TaskEnvelope.SCHEMA),
                TaskEnvelope.TRACE_HEADER,
                event.traceparent());
        return record(Topic.EVENTS, event.id().job().value(), Json.bytes(event), headers);
    }

    public static ProducerRecord<String, byte[]> of(RenderProgress progress) {
        return record(Topic.PROGRESS, progress.id().job().value(), Json.bytes(progress), SCHEMA);
    }

    public static ProducerRecord<String, byte[]> of(Cancellation cancellation) {
        return record(Topic.CONTROL, cancellation.job().value(), Json.bytes(cancellation), SCHEMA);
    }

    /** Reads a record of a task topic. */
    public static TaskEnvelope.Content open(ConsumerRecord<String, byte[]> record) {
        return TaskEnvelope.open(
                name -> {
                    Header header = record.headers().lastHeader(name);
                    return header == null ? null : header.value();
                },
                record.value());
    }

    private static ProducerRecord<String, byte[]> record(
            Topic topic, String key, byte[] value, Map<String, String> headers) {
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(topic.topicName(), key, value);
        headers.forEach((name, text) -> record.headers().add(name, text.getBytes(StandardCharsets.UTF_8)));
        return record;
    }
}
