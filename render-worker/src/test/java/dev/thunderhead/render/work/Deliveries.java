package dev.thunderhead.render.work;

import dev.thunderhead.job.Lane;
import dev.thunderhead.kafka.TopicSetup;
import dev.thunderhead.wire.Topic;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
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
        return new Delivery(
                Lane.STANDARD,
                new ConsumerRecord<>(
                        Topic.TASKS_STANDARD.topicName(),
                        0,
                        0,
                        0,
                        TimestampType.CREATE_TIME,
                        3,
                        0,
                        "key",
                        new byte[0],
                        new RecordHeaders(),
                        Optional.empty(),
                        Optional.of((short) count)));
    }
}
