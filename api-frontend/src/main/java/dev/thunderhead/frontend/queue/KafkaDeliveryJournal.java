package dev.thunderhead.frontend.queue;

import dev.thunderhead.frontend.webhook.Delivery;
import dev.thunderhead.frontend.webhook.DeliveryJournal;
import dev.thunderhead.kafka.KafkaConnection;
import dev.thunderhead.wire.Json;
import dev.thunderhead.wire.TaskEnvelope;
import dev.thunderhead.wire.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The compacted topic of pending deliveries, keyed by delivery. The receiver decides the partition, so that one frontend
 * looks after all of its deliveries. Thread-safe, like the producer.
 */
public final class KafkaDeliveryJournal implements DeliveryJournal, AutoCloseable {
    /** Header of a record without value: which round of the delivery is over, a decimal number. */
    static final String ROUND_HEADER = "round";

    private static final Logger LOG = LoggerFactory.getLogger(KafkaDeliveryJournal.class);
    private static final byte[] SCHEMA = Integer.toString(TaskEnvelope.SCHEMA).getBytes(StandardCharsets.US_ASCII);

    private final AcknowledgedProducer producer;

    /** @param timeout within which each record has been acknowledged or has failed */
    public KafkaDeliveryJournal(KafkaConnection kafka, Duration timeout) {
        this.producer = new AcknowledgedProducer(kafka, timeout);
    }

    @Override
    public CompletableFuture<Void> plan(Delivery delivery) {
        try {
            int partitions = producer.partitions(Topic.WEBHOOKS.topicName());
            int partition = Math.floorMod(delivery.receiver().hashCode(), partitions);
            return producer.send(record(partition, delivery.id(), Json.bytes(delivery)));
        } catch (RuntimeException problem) {
            return CompletableFuture.failedFuture(problem);
        }
    }

    @Override
    public CompletableFuture<Void> update(int partition, Delivery delivery) {
        return producer.send(record(partition, delivery.id(), Json.bytes(delivery)));
    }

    @Override
    public void finish(int partition, String delivery, int round) {
        ProducerRecord<String, byte[]> end = record(partition, delivery, null);
        end.headers().add(ROUND_HEADER, Integer.toString(round).getBytes(StandardCharsets.US_ASCII));
        CompletableFuture<Void> unused = producer.send(end).exceptionally(problem -> {
            LOG.warn("event=webhook_end_not_kept delivery={} problem={}", delivery, problem.getMessage());
            return null;
        });
    }

    private static ProducerRecord<String, byte[]> record(int partition, String id, byte @Nullable [] value) {
        ProducerRecord<String, byte[]> record = new ProducerRecord<>(Topic.WEBHOOKS.topicName(), partition, id, value);
        record.headers().add(TaskEnvelope.SCHEMA_HEADER, SCHEMA);
        return record;
    }

    @Override
    public void close() {
        producer.close();
    }
}
