package dev.thunderhead.render.work;

import dev.thunderhead.job.Lane;
import dev.thunderhead.wire.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a batch of tasks from one lane, holds it until all of it has ended, and takes the next. A share consumer that
 * holds a record yields no other, so this is one consumer, owned by the one thread that runs this object.
 *
 * <p>A share consumer that exists acquires tasks, whether it is asked for them or not. So a claim that holds nothing
 * either polls, or has no consumer at all: it polls only while the device could take its batch soon, and leaves the group
 * while the device is busy for longer. Joining again takes a second or two, which such a render hides. Releasing instead
 * would spend the deliveries of a task, of which there are few, and a task could run out of them in a queue.
 *
 * <p>Other threads may call {@link #stop} and {@link #giveBackRest}.
 */
final class Claim implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Claim.class);

    /** Short, since what has changed (the device is busy, the worker stops) is seen between two polls. */
    private static final Duration POLL = Duration.ofMillis(100);

    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final Lane lane;
    private final Supplier<? extends ShareConsumer<String, byte[]>> consumers;
    private final Door door;
    private final Supplier<Duration> delay;
    private final WorkSettings settings;
    private final WorkMetrics metrics;

    private volatile List<Delivery> held = List.of();
    private volatile boolean stopping;
    private volatile boolean givingBack;

    /** Where claims bring what they got. */
    interface Door {
        /**
         * Takes the batch, or gives back what came too late. Returns at once; each delivery has a verdict some time.
         *
         * @param busy whether the device would let a task of this lane wait for too long
         */
        void accept(List<Delivery> batch, BooleanSupplier busy);
    }

    /**
     * @param consumers makes the consumer, which is closed here
     * @param door takes what was claimed
     * @param delay how long a task that is claimed now would wait for the device
     */
    Claim(
            Lane lane,
            Supplier<? extends ShareConsumer<String, byte[]>> consumers,
            Door door,
            Supplier<Duration> delay,
            WorkSettings settings,
            WorkMetrics metrics) {
        this.lane = lane;
        this.consumers = consumers;
        this.door = door;
        this.delay = delay;
        this.settings = settings;
        this.metrics = metrics;
    }

    /** Claims nothing any more; {@link #run} returns when all that is held has ended. */
    void stop() {
        stopping = true;
    }

    /** Gives back what has not ended; {@link #run} returns soon after. */
    void giveBackRest() {
        stopping = true;
        givingBack = true;
        held.forEach(Delivery::giveBack);
    }

    @Override
    public void run() {
        while (!stopping) {
            if (deviceIsBusy()) {
                pause(POLL);
                continue;
            }
            try {
                claimWhileWelcome();
            } catch (KafkaException problem) {
                LOG.warn("event=claim_failed lane={} error=\"{}\"", lane, problem.toString());
                pause(PAUSE_AFTER_FAILURE);
            }
        }
    }

    private boolean deviceIsBusy() {
        return delay.get().compareTo(settings.patience()) > 0;
    }

    /** Joins the group, and stays until the device is busy or an acknowledgement has failed. */
    private void claimWhileWelcome() {
        ShareConsumer<String, byte[]> consumer = consumers.get();
        try {
            consumer.subscribe(List.of(Topic.of(lane).topicName()));
            boolean intact = true;
            while (intact && !stopping && !deviceIsBusy()) {
                List<Delivery> batch = deliveries(consumer.poll(POLL));
                if (!batch.isEmpty()) {
                    receive(batch);
                    intact = hold(consumer, batch);
                }
            }
        } finally {
            loseAll();
            consumer.close(CLOSE_TIMEOUT);
        }
    }

    private List<Delivery> deliveries(Iterable<ConsumerRecord<String, byte[]>> records) {
        List<Delivery> batch = new ArrayList<>();
        records.forEach(record -> batch.add(new Delivery(lane, record)));
        return batch;
    }

    private void receive(List<Delivery> batch) {
        setHeld(batch);
        if (!givingBack) {
            door.accept(batch, this::deviceIsBusy);
        }
    }

    /**
     * Renews what has not ended, and acknowledges what has, until nothing is left.
     *
     * @return whether all went well; otherwise some records are lost, and the consumer is of no use any more
     */
    private boolean hold(ShareConsumer<String, byte[]> consumer, List<Delivery> batch) {
        List<Delivery> open = batch;
        while (!open.isEmpty()) {
            awaitVerdicts(open, renewalInterval(consumer));
            List<Delivery> renewed = new ArrayList<>();
            for (Delivery delivery : open) {
                AcknowledgeType verdict = delivery.verdict().getNow(AcknowledgeType.RENEW);
                consumer.acknowledge(delivery.record(), verdict);
                if (verdict == AcknowledgeType.RENEW) {
                    renewed.add(delivery);
                }
            }
            if (!commit(consumer, open)) {
                return false;
            }
            setHeld(renewed);
            open = renewed.isEmpty() ? renewed : takeBack(consumer, renewed);
            if (renewed.stream().anyMatch(Delivery::isLost)) {
                return false;
            }
        }
        return true;
    }

    private Duration renewalInterval(ShareConsumer<String, byte[]> consumer) {
        long lock = consumer.acquisitionLockTimeoutMs()
                .map(Integer::longValue)
                .orElse(settings.lock().toMillis());
        return Duration.ofMillis(lock / 3);
    }

    /** Commits the acknowledgements. One that fails leaves its record to another worker: nothing is to be changed. */
    private boolean commit(ShareConsumer<String, byte[]> consumer, List<Delivery> acknowledged) {
        Set<TopicPartition> failed = new HashSet<>();
        Map<TopicIdPartition, Optional<KafkaException>> results =
                consumer.commitSync(settings.lock().dividedBy(3));
        results.forEach((partition, result) -> result.ifPresent(problem -> {
            failed.add(partition.topicPartition());
            LOG.warn("event=acknowledgement_failed lane={} error=\"{}\"", lane, problem.toString());
        }));
        for (Delivery delivery : acknowledged) {
            ConsumerRecord<String, byte[]> record = delivery.record();
            if (failed.contains(new TopicPartition(record.topic(), record.partition()))) {
                lose(delivery);
            }
        }
        return failed.isEmpty();
    }

    /** A poll gives the renewed records again, and they must be acknowledged again before the next one. */
    private List<Delivery> takeBack(ShareConsumer<String, byte[]> consumer, List<Delivery> renewed) {
        List<Delivery> open = new ArrayList<>();
        List<Delivery> missing = new ArrayList<>(renewed);
        for (ConsumerRecord<String, byte[]> record : pollUntilSomethingComes(consumer)) {
            missing.stream()
                    .filter(delivery -> isSame(delivery.record(), record))
                    .findFirst()
                    .ifPresentOrElse(
                            delivery -> {
                                missing.remove(delivery);
                                open.add(delivery);
                            },
                            () -> {
                                Delivery another = new Delivery(lane, record);
                                open.add(another);
                                receive(List.of(another));
                            });
        }
        if (!missing.isEmpty()) {
            LOG.warn("event=renewal_lost lane={} records={}", lane, missing.size());
            missing.forEach(this::lose);
        }
        setHeld(open);
        return open;
    }

    /** On a busy machine the first poll may come back before the renewed records do. */
    private ConsumerRecords<String, byte[]> pollUntilSomethingComes(ShareConsumer<String, byte[]> consumer) {
        long end = System.nanoTime() + renewalInterval(consumer).toNanos();
        ConsumerRecords<String, byte[]> records = consumer.poll(POLL);
        while (records.isEmpty() && System.nanoTime() - end < 0) {
            records = consumer.poll(POLL);
        }
        return records;
    }

    private static boolean isSame(ConsumerRecord<String, byte[]> one, ConsumerRecord<String, byte[]> other) {
        return one.offset() == other.offset()
                && one.partition() == other.partition()
                && one.topic().equals(other.topic());
    }

    private static void awaitVerdicts(List<Delivery> open, Duration atMost) {
        CompletableFuture<?>[] verdicts = open.stream().map(Delivery::verdict).toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(verdicts).get(atMost.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException notYet) {
            // Time to renew.
        } catch (ExecutionException problem) {
            throw new IllegalStateException("a verdict never fails", problem);
        } catch (InterruptedException interrupt) {
            throw new IllegalStateException("claims are stopped, not interrupted", interrupt);
        }
    }

    private void setHeld(List<Delivery> deliveries) {
        metrics.held(lane, deliveries.size() - held.size());
        held = deliveries;
        if (givingBack) {
            deliveries.forEach(Delivery::giveBack);
        }
    }

    private void lose(Delivery delivery) {
        delivery.lose();
        metrics.abandoned(lane);
    }

    private void loseAll() {
        held.stream().filter(delivery -> !delivery.isLost()).forEach(this::lose);
        setHeld(List.of());
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException interrupt) {
            throw new IllegalStateException("claims are stopped, not interrupted", interrupt);
        }
    }
}
