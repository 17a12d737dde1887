package dev.thunderhead.kafka;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Makes Kafka clients with the properties that all of ours share: keys are job ids, values are JSON. Whoever asks for a
 * client closes it. Thread-safe; the consumers are not.
 */
public final class KafkaConnection {
    private final KafkaSettings settings;

    public KafkaConnection(KafkaSettings settings) {
        this.settings = settings;
    }

    public KafkaSettings settings() {
        return settings;
    }

    public Admin admin() {
        return Admin.create(properties(
                Map.of(
                        "request.timeout.ms", 10_000,
                        "default.api.timeout.ms", 30_000),
                Map.of()));
    }

    /**
     * A producer that has either delivered a record to all in-sync replicas, once, or reports a failure within
     * {@code deliveryTimeoutMillis}.
     */
    public KafkaProducer<String, byte[]> producer(int deliveryTimeoutMillis) {
        // One request at a time: with several, the first to a partition that was just created may come too early while
        // the second is accepted, and is then refused as out of order until it expires (KAFKA-15591).
        Map<String, Object> properties = properties(
                Map.of("linger.ms", 0, "compression.type", "none", "max.in.flight.requests.per.connection", 1),
                Map.of(
                        "acks",
                        "all",
                        "enable.idempotence",
                        true,
                        "request.timeout.ms",
                        Math.min(5_000, deliveryTimeoutMillis),
                        "delivery.timeout.ms",
                        deliveryTimeoutMillis,
                        "max.block.ms",
                        deliveryTimeoutMillis));
        return new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
    }

    /** A consumer that commits nothing by itself; {@code own} holds what its reader insists on. */
    public KafkaConsumer<String, byte[]> consumer(Map<String, Object> own) {
        Map<String, Object> required = new HashMap<>(Map.of("enable.auto.commit", false));
        required.putAll(own);
        Map<String, Object> properties =
                properties(Map.of("auto.offset.reset", "earliest", "max.poll.records", 2_000), required);
        return new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
    }

    /**
     * A member of a share group that acknowledges each record itself and never takes more than it asked for.
     *
     * @param clientId names the member in the group's description
     * @param maxRecords how many records it holds at most
     */
    public KafkaShareConsumer<String, byte[]> shareConsumer(String group, String clientId, int maxRecords) {
        Map<String, Object> required = Map.of(
                "group.id", group,
                "client.id", clientId,
                "share.acknowledgement.mode", "explicit",
                "share.acquire.mode", "record_limit",
                "max.poll.records", maxRecords);
        return new KafkaShareConsumer<>(
                properties(Map.of(), required), new StringDeserializer(), new ByteArrayDeserializer());
    }

    /** The operator's properties stand above our defaults, and below what correctness asks for. */
    private Map<String, Object> properties(Map<String, Object> defaults, Map<String, Object> required) {
        Map<String, Object> properties = new HashMap<>(defaults);
        // A broker that restarts is found again within a second.
        properties.put("reconnect.backoff.max.ms", 1_000);
        properties.putAll(settings.client());
        properties.put("bootstrap.servers", settings.bootstrap());
        properties.putAll(required);
        return properties;
    }
}
