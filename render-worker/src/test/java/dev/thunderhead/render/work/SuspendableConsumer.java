package dev.thunderhead.render.work;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.AcknowledgementCommitCallback;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.metrics.KafkaMetric;

/** A share consumer that stands still in every commit as long as somebody holds the permit. */
record SuspendableConsumer(ShareConsumer<String, byte[]> consumer, Semaphore permit)
        implements ShareConsumer<String, byte[]> {
    private void standStillIfSuspended() {
        permit.acquireUninterruptibly();
        permit.release();
    }

    @Override
    public Map<TopicIdPartition, Optional<KafkaException>> commitSync() {
        standStillIfSuspended();
        return consumer.commitSync();
    }

    @Override
    public Map<TopicIdPartition, Optional<KafkaException>> commitSync(Duration timeout) {
        standStillIfSuspended();
        return consumer.commitSync(timeout);
    }

    @Override
    public ConsumerRecords<String, byte[]> poll(Duration timeout) {
        standStillIfSuspended();
        return consumer.poll(timeout);
    }

    @Override
    public Set<String> subscription() {
        return consumer.subscription();
    }

    @Override
    public void subscribe(Collection<String> topics) {
        consumer.subscribe(topics);
    }

    @Override
    public void unsubscribe() {
        consumer.unsubscribe();
    }

    @Override
    public void acknowledge(ConsumerRecord<String, byte[]> record) {
        consumer.acknowledge(record);
    }

    @Override
    public void acknowledge(ConsumerRecord<String, byte[]> record, AcknowledgeType type) {
        consumer.acknowledge(record, type);
    }

    @Override
    public void acknowledge(String topic, int partition, long offset, AcknowledgeType type) {
        consumer.acknowledge(topic, partition, offset, type);
    }

    @Override
    public void commitAsync() {
        consumer.commitAsync();
    }

    @Override
    public void setAcknowledgementCommitCallback(AcknowledgementCommitCallback callback) {
        consumer.setAcknowledgementCommitCallback(callback);
    }

    @Override
    public Uuid clientInstanceId(Duration timeout) {
        return consumer.clientInstanceId(timeout);
    }

    @Override
    public Optional<Integer> acquisitionLockTimeoutMs() {
        return consumer.acquisitionLockTimeoutMs();
    }

    @Override
    public Map<MetricName, ? extends Metric> metrics() {
        return consumer.metrics();
    }

    @Override
    public void registerMetricForSubscription(KafkaMetric metric) {
        consumer.registerMetricForSubscription(metric);
    }

    @Override
    public void unregisterMetricFromSubscription(KafkaMetric metric) {
        consumer.unregisterMetricFromSubscription(metric);
    }

    @Override
    public void close() {
        consumer.close();
    }

    @Override
    public void close(Duration timeout) {
        consumer.close(timeout);
    }

    @Override
    public void wakeup() {
        consumer.wakeup();
    }
}
