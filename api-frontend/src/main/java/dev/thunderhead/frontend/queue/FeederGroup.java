package dev.thunderhead.frontend.queue;

import dev.thunderhead.frontend.batch.BatchNotices;
import dev.thunderhead.frontend.batch.Batches;
import dev.thunderhead.frontend.batch.FeederLease;
import dev.thunderhead.health.Readiness;
import dev.thunderhead.kafka.KafkaConnection;
import dev.thunderhead.wire.Json;
import dev.thunderhead.wire.MalformedRecordException;
import dev.thunderhead.wire.Topic;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses the frontend that feeds batches: the one that owns the one partition of the topic {@code batches}. When it dies,
 * or is frozen, another one is chosen within eight seconds. The topic's records are hints of which batch to look at; what
 * there is to know of it stands in the store. Thread-safe: the group is kept by a thread of its own.
 */
public final class FeederGroup implements FeederLease, BatchNotices, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FeederGroup.class);
    private static final String GROUP = "batches";
    private static final Duration POLL = Duration.ofMillis(500);
    /** Kafka lets a member that it does not hear of keep its partition for this long; its shortest. */
    private static final Duration SESSION = Duration.ofSeconds(6);
    /** Grows with each answer to a heartbeat, whatever it says; what was sent and not answered does not count. */
    private static final String ANSWERS = "heartbeat-total";

    private final AcknowledgedProducer producer;
    private final KafkaConsumer<String, byte[]> consumer;
    private final Metric answers;
    private final ConsumerThread thread;
    private final Freshness freshness = new Freshness(System.nanoTime());
    private volatile Consumer<Batches.Name> listener = name -> {};
    private volatile Optional<String> epoch = Optional.empty();

    /** @param timeout within which a hint has been acknowledged or is given up */
    public FeederGroup(KafkaConnection kafka, Duration timeout, Readiness readiness) {
        this.producer = new AcknowledgedProducer(kafka, timeout);
        // The classic protocol: the new one's shortest session is 45 s, and as long would batches stand still.
        this.consumer = kafka.consumer(Map.of(
                "group.id",
                GROUP,
                "client.id",
                "frontend-feeder",
                "group.protocol",
                "classic",
                "session.timeout.ms",
                Math.toIntExact(SESSION.toMillis()),
                "heartbeat.interval.ms",
                1_000,
                // A frontend that joins or leaves does not take the partition from the one that has it.
                "partition.assignment.strategy",
                CooperativeStickyAssignor.class.getName()));
        this.answers = consumer.metrics().entrySet().stream()
                .filter(metric -> metric.getKey().name().equals(ANSWERS))
                .map(metric -> (Metric) metric.getValue())
                .findFirst()
                .orElseThrow();
        this.thread = new ConsumerThread(
                "batches",
                consumer,
                readiness,
                () -> consumer.subscribe(List.of(Topic.BATCHES.topicName()), new Assignments()),
                this::round);
    }

    /** @param notices is told of batches to look at, on a thread that must not be blocked */
    public void start(Consumer<Batches.Name> notices) {
        listener = notices;
        freshness.started(System.nanoTime());
        thread.start();
    }

    private void round() {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
            try {
                byte[] value = record.value() == null ? new byte[0] : record.value();
                listener.accept(Json.read(value, Batches.Name.class));
            } catch (MalformedRecordException problem) {
                LOG.warn("event=batch_notice_unreadable offset={}", record.offset());
            }
        }
        freshness.polled(System.nanoTime(), (Double) answers.metricValue());
    }

    @Override
    public Optional<String> epoch() {
        return epoch;
    }

    @Override
    public boolean isFresh() {
        return freshness.isFresh(System.nanoTime());
    }

    @Override
    public void tell(Batches.Name batch) {
        CompletableFuture<Void> unused = producer.send(new ProducerRecord<>(
                        Topic.BATCHES.topicName(), batch.id().value(), Json.bytes(batch)))
                .exceptionally(problem -> {
                    LOG.warn("event=batch_notice_lost batch={} problem=\"{}\"", batch, problem.toString());
                    return null;
                });
    }

    // Called on the thread that polls.
    private final class Assignments implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
            freshness.assigned(System.nanoTime(), !assigned.isEmpty());
            if (!assigned.isEmpty()) {
                // What came before is looked for in the store.
                consumer.seekToEnd(assigned);
                epoch = Optional.of(UUID.randomUUID().toString());
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
            if (!revoked.isEmpty()) {
                epoch = Optional.empty();
            }
        }
    }

    /** Leaves the group, so that another frontend feeds at once. */
    @Override
    public void close() {
        epoch = Optional.empty();
        thread.close();
        producer.close();
    }
}
