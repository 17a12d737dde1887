package dev.thunderhead.frontend.queue;

import dev.thunderhead.wire.Topic;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/** Asks Kafka how far the journal goes, and how far others have read it. Thread-safe; whoever made the client closes it. */
final class JournalOffsets {
    private static final int ANSWER_MILLIS = 2_000;

    private final Admin admin;

    JournalOffsets(Admin admin) {
        this.admin = admin;
    }

    /** Before which no task is open: where the workers' share group stands. Partitions it has stored nothing of lack. */
    Map<TopicPartition, Long> claimed() throws ExecutionException, InterruptedException {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        try {
            Map<TopicPartition, SharePartitionOffsetInfo> stored = admin.listShareGroupOffsets(
                            Map.of(Topic.RENDER_GROUP, new ListShareGroupOffsetsSpec()))
                    .partitionsToOffsetInfo(Topic.RENDER_GROUP)
                    .get();
            stored.forEach((partition, info) -> {
                if (info != null) {
                    offsets.put(partition, Math.max(0, info.startOffset()));
                }
            });
        } catch (ExecutionException problem) {
            if (!(problem.getCause() instanceof GroupIdNotFoundException)) {
                throw problem;
            }
        }
        return offsets;
    }

    /** Before which every event's job has its record, if it has ended: what the finisher has committed. */
    Map<TopicPartition, Long> recorded() throws ExecutionException, InterruptedException {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        try {
            Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(FinisherGroup.GROUP)
                    .partitionsToOffsetAndMetadata()
                    .get();
            committed.forEach((partition, offset) -> {
                if (offset != null && partition.topic().equals(Topic.EVENTS.topicName())) {
                    offsets.put(partition, offset.offset());
                }
            });
        } catch (ExecutionException problem) {
            if (!(problem.getCause() instanceof GroupIdNotFoundException)) {
                throw problem;
            }
        }
        return offsets;
    }

    /** Where the partitions end now: all that was acknowledged before this call lies before. Fails after 2 seconds. */
    CompletableFuture<Map<TopicPartition, Long>> ends(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetSpec> latest =
                partitions.stream().collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        return admin.listOffsets(latest, new ListOffsetsOptions().timeoutMs(ANSWER_MILLIS))
                .all()
                .toCompletionStage()
                .toCompletableFuture()
                .thenApply(found -> found.entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, end -> end.getValue().offset())));
    }
}
