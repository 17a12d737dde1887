package dev.thunderhead.frontend.queue;

import dev.thunderhead.health.Readiness;
import dev.thunderhead.kafka.KafkaConnection;
import dev.thunderhead.wire.Topic;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Divides the partitions among the frontends: each partition has one owner, and when a frontend dies another owns its
 * partitions within seconds. It is a membership in the consumer group {@value #GROUP} that reads nothing. Ownership only
 * saves work twice done; what must be done once is fenced by the outcome objects. Thread-safe: the group is kept by a
 * thread of its own, anybody may ask.
 */
public final class Ownership implements AutoCloseable {
    /** The consumer group on the events. */
    public static final String GROUP = "finisher";

    private static final Logger LOG = LoggerFactory.getLogger(Ownership.class);
    private static final Duration POLL = Duration.ofSeconds(1);

    private final Set<Integer> partitions = ConcurrentHashMap.newKeySet();
    private final KafkaConsumer<String, byte[]> consumer;
    private final ConsumerThread thread;

    public Ownership(KafkaConnection kafka, Readiness readiness) {
        // The classic protocol: the new one's shortest session is 45 s, and as long would a dead owner's tasks wait.
        this.consumer = kafka.consumer(Map.of(
                "group.id",
                GROUP,
                "client.id",
                "frontend-finisher",
                "group.protocol",
                "classic",
                "session.timeout.ms",
                6_000,
                "heartbeat.interval.ms",
                1_500));
        this.thread = new ConsumerThread(
                "ownership",
                consumer,
                readiness,
                () -> consumer.subscribe(List.of(Topic.EVENTS.topicName()), new Assignments()),
                () -> consumer.poll(POLL));
    }

    public void start() {
        thread.start();
    }

    // Called on the thread that polls.
    private final class Assignments implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
            consumer.pause(assigned);
            assigned.forEach(partition -> partitions.add(partition.partition()));
            LOG.info("event=partitions_owned partitions={}", partitions);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
            revoked.forEach(partition -> partitions.remove(partition.partition()));
        }
    }

    /** Whether this frontend looks after the partition now. */
    public boolean owns(int partition) {
        return partitions.contains(partition);
    }

    /** Leaves the group; returns when the thread has ended, or after 5 seconds. */
    @Override
    public void close() {
        thread.close();
        partitions.clear();
    }
}
