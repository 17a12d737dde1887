package dev.thunderhead.frontend.queue;

import dev.thunderhead.frontend.job.Publisher;
import dev.thunderhead.job.Cancellation;
import dev.thunderhead.job.RenderEvent;
import dev.thunderhead.job.RenderTask;
import dev.thunderhead.kafka.KafkaConnection;
import dev.thunderhead.kafka.TaskRecords;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Publishes to Kafka, acknowledged by all in-sync replicas. Thread-safe, like the producer. */
public final class KafkaPublisher implements Publisher, AutoCloseable {

    private final AcknowledgedProducer producer;

    /** @param timeout within which each record has been acknowledged or has failed */
    public KafkaPublisher(KafkaConnection kafka, Duration timeout) {
        this.producer = new AcknowledgedProducer(kafka, timeout);
    }

    @Override
    public CompletableFuture<Void> publish(RenderTask task) {
        return producer.send(TaskRecords.of(task));
    }

    @Override
    public CompletableFuture<Void> publish(RenderEvent event) {
        return producer.send(TaskRecords.of(event));
    }

    @Override
    public CompletableFuture<Void> publish(Cancellation cancellation) {
        return producer.send(TaskRecords.of(cancellation));
    }

    @Override
    public void close() {
        producer.close();
    }
}
