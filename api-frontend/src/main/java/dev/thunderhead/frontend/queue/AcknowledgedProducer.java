package dev.thunderhead.frontend.queue;

import dev.thunderhead.kafka.KafkaConnection;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/** Writes records, and tells when all in-sync replicas have one. Thread-safe, like the producer. */
final class AcknowledgedProducer implements AutoCloseable {
    private static final Duration CLOSE = Duration.ofSeconds(5);

    private final KafkaProducer<String, byte[]> producer;

    /** @param timeout within which each record has been acknowledged or has failed */
    AcknowledgedProducer(KafkaConnection kafka, Duration timeout) {
        this.producer = kafka.producer(Math.toIntExact(timeout.toMillis()));
    }

    /** How many partitions the topic has. May block for a while when the journal cannot be reached. */
    int partitions(String topic) {
        return producer.partitionsFor(topic).size();
    }

    /**
     * Writes a record. May block for a while when the journal cannot be reached; a failure says only that no
     * acknowledgement came.
     */
    CompletableFuture<Void> send(ProducerRecord<String, byte[]> record) {
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
