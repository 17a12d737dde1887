package dev.thunderhead.frontend.queue;

import dev.thunderhead.frontend.job.Publisher;
import dev.thunderhead.job.Cancellation;
import dev.thunderhead.job.RenderEvent;
import dev.thunderhead.job.RenderTask;
import dev.thunderhead.kafka.KafkaConnection;
import dev.thunderhead.kafka.TaskRecords;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/** Publishes to Kafka, acknowledged by all in-sync replicas. Thread-safe, like the producer. */
public final class KafkaPublisher implements Publisher, AutoCloseable {
    private static final Duration CLOSE = Duration.ofSeconds(5);

    private final KafkaProducer<String, byte[]> producer;

    /** @param timeout within which each record has been acknowledged or has failed */
    public KafkaPublisher(KafkaConnection kafka, Duration timeout) {
        this.producer = kafka.producer(Math.toIntExact(timeout.toMillis()));
    }

    @Override
    public CompletableFuture<Void> publish(RenderTask task) {
        return send(TaskRecords.of(task));
    }

    @Override
    public CompletableFuture<Void> publish(RenderEvent event) {
        return send(TaskRecords.of(event));
    }

    @Override
    public CompletableFuture<Void> publish(Cancellation cancellation) {
        return send(TaskRecords.of(cancellation));
    }

    private CompletableFuture<Void> send(ProducerRecord<String, byte[]> record) {
        CompletableFuture<Void> acknowledged = new CompletableFuture<>();
        try {
            // The callback tells as much, without anybody waiting.
            Future<RecordMetadata> unused = producer.send(record, (metadata, problem) -> {
                if (problem == null) {
                    acknowledged.complete(null);
                } else {
                    acknowledged.completeExceptionally(problem);
                }
            });
        } catch (RuntimeException problem) {
            acknowledged.completeExceptionally(problem);
        }
        return acknowledged;
    }

    @Override
    public void close() {
        producer.close(CLOSE);
    }
}
