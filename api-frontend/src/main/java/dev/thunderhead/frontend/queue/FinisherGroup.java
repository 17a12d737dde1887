package dev.thunderhead.frontend.queue;

import dev.thunderhead.health.Readiness;
import dev.thunderhead.job.RenderEvent;
import dev.thunderhead.kafka.KafkaConnection;
import dev.thunderhead.wire.Json;
import dev.thunderhead.wire.MalformedRecordException;
import dev.thunderhead.wire.Topic;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Divides the events among the frontends by partition, and has each of them finish the jobs of its own: every event is
 * given to the finisher at least once, and counts as read only when everything it asks for is done. When a frontend dies,
 * another one goes on with its partitions within seconds. Who owns a partition also looks after what no worker ends there.
 *
 * <p>Ownership only saves work twice done; what must be done once is fenced in the store. Thread-safe: the group is kept
 * by a thread of its own, anybody may ask.
 */
public final class FinisherGroup implements AutoCloseable {
    /** The consumer group on the events. */
    public static final String GROUP = "finisher";

    private static final Logger LOG = LoggerFactory.getLogger(FinisherGroup.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(500);
    private static final int THREADS = 16;
    private static final int BATCH = 500;

    private final Set<Integer> partitions = ConcurrentHashMap.newKeySet();
    private final EventHandler handler;
    private final Runnable unreadable;
    private final KafkaConsumer<String, byte[]> consumer;
    private final ConsumerThread thread;
    private final ExecutorService workers = Executors.newFixedThreadPool(THREADS, FinisherGroup::worker);

    /** Does what an event asks for. */
    @FunctionalInterface
    public interface EventHandler {
        /** Throws when the event has to come again. */
        void heard(RenderEvent event) throws IOException;
    }

    /**
     * @param handler blocks; called by several threads, never twice at once for the same job
     * @param unreadable is run when a job cannot be finished since something in the store cannot be read
     */
    public FinisherGroup(KafkaConnection kafka, EventHandler handler, Runnable unreadable, Readiness readiness) {
        this.handler = handler;
        this.unreadable = unreadable;
        // The classic protocol: the new one's shortest session is 45 s, and as long would a dead owner's jobs wait.
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
                1_500,
                "max.poll.records",
                BATCH));
        this.thread = new ConsumerThread(
                "finisher",
                consumer,
                readiness,
                () -> consumer.subscribe(List.of(Topic.EVENTS.topicName()), new Assignments()),
                this::round);
    }

    private static Thread worker(Runnable task) {
        Thread thread = new Thread(task, "finisher-worker");
        thread.setDaemon(true);
        return thread;
    }

    public void start() {
        thread.start();
    }

    private void round() {
        ConsumerRecords<String, byte[]> records = consumer.poll(POLL);
        if (records.isEmpty()) {
            return;
        }
        if (handled(records)) {
            commit();
        } else {
            again(records);
        }
    }

    /** Whether all that the records ask for is done. Of a job's events the last one says as much as all of them. */
    private boolean handled(ConsumerRecords<String, byte[]> records) {
        Map<String, RenderEvent> byJob = new LinkedHashMap<>();
        for (ConsumerRecord<String, byte[]> record : records) {
            try {
                byte[] value = record.value() == null ? new byte[0] : record.value();
                byJob.put(record.key(), Json.read(value, RenderEvent.class));
            } catch (MalformedRecordException problem) {
                // Counted and told by the tail, which reads it as well.
                LOG.debug("event=event_unreadable offset={}", record.offset());
            }
        }
        List<Future<Boolean>> jobs =
                byJob.values().stream().map(this::handledLater).toList();
        // All of them, or those left over would run on beside what comes again.
        return jobs.stream().filter(job -> !isDone(job)).toList().isEmpty();
    }

    private Future<Boolean> handledLater(RenderEvent event) {
        return workers.submit(() -> {
            try {
                handler.heard(event);
                return true;
            } catch (IOException problem) {
                if (MalformedRecordException.isCauseOf(problem)) {
                    // No repetition makes it readable, and all other jobs wait behind it.
                    unreadable.run();
                    LOG.error("event=job_never_finished task={} problem=\"{}\"", event.id(), problem.toString());
                    return true;
                }
                LOG.warn("event=job_not_finished task={} problem=\"{}\"", event.id(), problem.toString());
                return false;
            } catch (RuntimeException problem) {
                LOG.warn("event=job_not_finished task={} problem=\"{}\"", event.id(), problem.toString());
                return false;
            }
        });
    }

    private static boolean isDone(Future<Boolean> job) {
        try {
            return job.get();
        } catch (ExecutionException problem) {
            throw new IllegalStateException("an error, which no retry cures", problem.getCause());
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void commit() {
        try {
            consumer.commitSync();
        } catch (KafkaException problem) {
            // Somebody else owns the partitions by now, and does it again; or Kafka is away, and the next commit says
            // as much.
            LOG.warn("event=events_not_committed problem=\"{}\"", problem.toString());
        }
    }

    private void again(ConsumerRecords<String, byte[]> records) {
        Map<TopicPartition, Long> starts = new HashMap<>();
        for (TopicPartition partition : records.partitions()) {
            starts.put(partition, records.records(partition).get(0).offset());
        }
        starts.forEach(consumer::seek);
        try {
            Thread.sleep(PAUSE_AFTER_FAILURE.toMillis());
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        }
    }

    // Called on the thread that polls.
    private final class Assignments implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
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
        workers.shutdownNow();
        partitions.clear();
    }
}
