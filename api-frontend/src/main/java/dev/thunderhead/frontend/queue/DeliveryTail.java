package dev.thunderhead.frontend.queue;

import dev.thunderhead.frontend.webhook.Delivery;
import dev.thunderhead.frontend.webhook.DeliveryListener;
import dev.thunderhead.health.Readiness;
import dev.thunderhead.kafka.KafkaConnection;
import dev.thunderhead.wire.Json;
import dev.thunderhead.wire.MalformedRecordException;
import dev.thunderhead.wire.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Divides the pending deliveries among the frontends, and tells each what stands in its partitions, from their beginning
 * whenever one is assigned: it commits no position. When a frontend dies another has its partitions within seconds.
 * Thread-safe: a thread of its own polls and tells.
 */
public final class DeliveryTail implements AutoCloseable {
    /** The consumer group on the topic of pending deliveries. */
    public static final String GROUP = "webhooks";

    private static final Logger LOG = LoggerFactory.getLogger(DeliveryTail.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration LOOK_UP = Duration.ofSeconds(1);

    private final DeliveryListener listener;
    private final Runnable unreadable;
    private final KafkaConsumer<String, byte[]> consumer;
    private final ConsumerThread thread;
    /** Partitions of which is not known yet how much stood there when they were assigned. */
    private final Set<TopicPartition> unmeasured = new HashSet<>();
    /** Where each partition ended soon after it was assigned, until it has been told so far. */
    private final Map<TopicPartition, Long> behind = new HashMap<>();

    /** @param unreadable is told of each record that is skipped since it cannot be read */
    public DeliveryTail(KafkaConnection kafka, DeliveryListener listener, Runnable unreadable, Readiness readiness) {
        this.listener = listener;
        this.unreadable = unreadable;
        // The classic protocol: the new one's shortest session is 45 s, and as long would a dead frontend's calls wait.
        // The cooperative assignor: partitions that stay are not read anew.
        this.consumer = kafka.consumer(Map.of(
                "group.id",
                GROUP,
                "client.id",
                "frontend-webhooks",
                "group.protocol",
                "classic",
                "partition.assignment.strategy",
                CooperativeStickyAssignor.class.getName(),
                "session.timeout.ms",
                6_000,
                "heartbeat.interval.ms",
                1_500));
        this.thread = new ConsumerThread(
                "webhooks",
                consumer,
                readiness,
                () -> consumer.subscribe(List.of(Topic.WEBHOOKS.topicName()), new Assignments()),
                this::round);
    }

    public void start() {
        thread.start();
    }

    private void round() {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
            tell(record);
        }
        try {
            catchUp();
        } catch (TimeoutException away) {
            LOG.debug("event=delivery_ends_unknown problem={}", away.getMessage());
        }
    }

    /** @throws TimeoutException when the broker is away; to be tried again */
    private void catchUp() {
        if (!unmeasured.isEmpty()) {
            behind.putAll(consumer.endOffsets(unmeasured, LOOK_UP));
            unmeasured.clear();
        }
        behind.entrySet().removeIf(entry -> {
            boolean told = consumer.position(entry.getKey(), LOOK_UP) >= entry.getValue();
            if (told) {
                listener.caughtUp(entry.getKey().partition());
            }
            return told;
        });
    }

    private void tell(ConsumerRecord<String, byte[]> record) {
        try {
            if (record.value() == null) {
                listener.over(record.partition(), record.key(), round(record));
            } else {
                listener.heard(record.partition(), Json.read(record.value(), Delivery.class));
            }
        } catch (MalformedRecordException | NumberFormatException problem) {
            unreadable.run();
            LOG.warn(
                    "event=delivery_unreadable partition={} offset={} problem={}",
                    record.partition(),
                    record.offset(),
                    problem.getMessage());
        }
    }

    private static int round(ConsumerRecord<String, byte[]> record) {
        Header header = record.headers().lastHeader(KafkaDeliveryJournal.ROUND_HEADER);
        return header == null ? 0 : Integer.parseInt(new String(header.value(), StandardCharsets.US_ASCII));
    }

    // Called on the thread that polls. Asks the broker nothing: what fails here ends the thread.
    private final class Assignments implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
            consumer.seekToBeginning(assigned);
            unmeasured.addAll(assigned);
            assigned.forEach(partition -> listener.assigned(partition.partition()));
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
            revoked.forEach(partition -> {
                unmeasured.remove(partition);
                behind.remove(partition);
                listener.revoked(partition.partition());
            });
        }
    }

    /** Leaves the group; returns when the thread has ended, or after 5 seconds. */
    @Override
    public void close() {
        thread.close();
    }
}
