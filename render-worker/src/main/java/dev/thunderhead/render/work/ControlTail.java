package dev.thunderhead.render.work;

import dev.thunderhead.job.Cancellation;
import dev.thunderhead.job.Lane;
import dev.thunderhead.kafka.KafkaConnection;
import dev.thunderhead.wire.Json;
import dev.thunderhead.wire.MalformedRecordException;
import dev.thunderhead.wire.Topic;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the control topic and notes who has called off what. It belongs to no group: every worker hears everything,
 * from as long ago as the oldest task may be. One thread runs this object; others may call {@link #stop}.
 */
final class ControlTail implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlTail.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration OLDEST_TASK = Lane.BULK.deadline();

    private final KafkaConnection kafka;
    private final String clientId;
    private final Cancellations cancellations;
    private final Clock clock;
    private final Runnable caughtUp;
    private volatile boolean stopping;

    /** @param caughtUp called when all that was said before the start is known, again after each lost connection */
    ControlTail(KafkaConnection kafka, String clientId, Cancellations cancellations, Clock clock, Runnable caughtUp) {
        this.kafka = kafka;
        this.clientId = clientId;
        this.cancellations = cancellations;
        this.clock = clock;
        this.caughtUp = caughtUp;
    }

    /** {@link #run} returns soon after. */
    void stop() {
        stopping = true;
    }

    @Override
    public void run() {
        while (!stopping) {
            try (KafkaConsumer<String, byte[]> consumer = kafka.consumer(Map.of("client.id", clientId))) {
                follow(consumer);
            } catch (KafkaException problem) {
                LOG.warn("event=control_tail_restarts error=\"{}\"", problem.toString());
                pause();
            }
        }
    }

    private void follow(KafkaConsumer<String, byte[]> consumer) {
        List<TopicPartition> partitions = consumer.partitionsFor(Topic.CONTROL.topicName()).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        rewind(consumer, partitions, ends);
        boolean behind = true;
        while (!stopping) {
            if (behind && ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue())) {
                behind = false;
                caughtUp.run();
            }
            consumer.poll(POLL).forEach(this::note);
        }
    }

    private void rewind(
            KafkaConsumer<String, byte[]> consumer, List<TopicPartition> partitions, Map<TopicPartition, Long> ends) {
        Instant since = clock.instant().minus(OLDEST_TASK);
        Map<TopicPartition, OffsetAndTimestamp> starts = consumer.offsetsForTimes(
                partitions.stream().collect(Collectors.toMap(Function.identity(), none -> since.toEpochMilli())));
        for (TopicPartition partition : partitions) {
            OffsetAndTimestamp start = starts.get(partition);
            consumer.seek(partition, start == null ? ends.getOrDefault(partition, 0L) : start.offset());
        }
    }

    private void note(ConsumerRecord<String, byte[]> record) {
        if (record.value() == null) {
            return;
        }
        try {
            cancellations.add(Json.read(record.value(), Cancellation.class).job());
        } catch (MalformedRecordException problem) {
            // Only a hint that saves work is lost.
            LOG.warn("event=control_unreadable offset={} error=\"{}\"", record.offset(), problem.getMessage());
        }
    }

    private static void pause() {
        try {
            Thread.sleep(1_000);
        } catch (InterruptedException interrupt) {
            throw new IllegalStateException("the control tail is stopped, not interrupted", interrupt);
        }
    }
}
