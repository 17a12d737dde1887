package dev.thunderhead.render.work;

import dev.thunderhead.job.Lane;
import dev.thunderhead.kafka.TopicSetup;
import dev.thunderhead.wire.Topic;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.record.TimestampType;

/** Deliveries without a broker. */
final class Deliveries {
    private Deliveries() {}

    static Delivery first() {
        return delivery(1);
    }

    /** One that Kafka would not repeat. */
    static Delivery last() {
        return delivery(TopicSetup.DELIVERY_LIMIT);
    }

    private static Delivery delivery(int count) {
        return of(new ProducerRecord<>(Topic.TASKS_STANDARD.topicName(), "key", new byte[0]), Lane.STANDARD, count);
    }

    /** The record as it comes for the {@code count}th time. */
    static Delivery of(ProducerRecord<String, byte[]> record, Lane lane, int count) {
        return new Delivery(
                lane,
                new ConsumerRecord<>(
                        record.topic(),
                        0,
                        0,
                        0,
                        TimestampType.CREATE_TIME,
                        record.key().length(),
                        record.value().length,
                        record.key(),
                        record.value(),
                        record.headers(),
                        Optional.empty(),
                        Optional.of((short) count)));
    }
}
