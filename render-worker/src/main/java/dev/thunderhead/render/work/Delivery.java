package dev.thunderhead.render.work;

import dev.thunderhead.job.Lane;
import dev.thunderhead.kafka.TopicSetup;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * One claimed record, and what shall become of it. Its claim holds and renews it until there is a verdict, and then
 * acknowledges accordingly; the first verdict counts. Thread-safe.
 */
final class Delivery {
    private final Lane lane;
    private final ConsumerRecord<String, byte[]> record;
    private final CompletableFuture<AcknowledgeType> verdict = new CompletableFuture<>();
    private final CompletableFuture<Boolean> lost = new CompletableFuture<>();

    Delivery(Lane lane, ConsumerRecord<String, byte[]> record) {
        this.lane = lane;
        this.record = record;
    }

    /** The queue it came from. */
    Lane lane() {
        return lane;
    }

    ConsumerRecord<String, byte[]> record() {
        return record;
    }

    /** Whether this worker or another one was given the record before. */
    boolean isRedelivered() {
        return count() > 1;
    }

    /** Whether Kafka would drop the record instead of delivering it again. */
    boolean isLast() {
        return count() >= TopicSetup.DELIVERY_LIMIT;
    }

    private int count() {
        return record.deliveryCount().orElse((short) 1);
    }

    /** The task has ended: its outcome stands and is known. */
    void done() {
        verdict.complete(AcknowledgeType.ACCEPT);
    }

    /** Another worker shall have it. */
    void giveBack() {
        verdict.complete(AcknowledgeType.RELEASE);
    }

    /** Completes with the verdict, on whatever thread gives it. */
    CompletableFuture<AcknowledgeType> verdict() {
        return verdict;
    }

    /** The claim has lost the record: another worker may have it by now, and no verdict matters any more. */
    void lose() {
        lost.complete(true);
    }

    boolean isLost() {
        return lost.isDone();
    }

    /** Completes when the claim has lost the record. */
    CompletableFuture<Boolean> lost() {
        return lost;
    }
}
