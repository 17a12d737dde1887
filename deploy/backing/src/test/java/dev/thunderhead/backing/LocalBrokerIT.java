package dev.thunderhead.backing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class LocalBrokerIT {
    private static final String TOPIC = "tasks";
    private static final String GROUP = "render";

    @TempDir
    private Path data;

    @Test
    void shareGroupTakesEachRecordOnceAndARestartOnAnotherPortKeepsTheRest() throws Exception {
        String before;
        try (LocalBroker broker = LocalBroker.start(data, 0)) {
            before = broker.bootstrap();
            prepare(broker);
            produce(broker, "first", "second");
            assertThat(consume(broker, 2)).containsExactly("first", "second");
            produce(broker, "third");
        }
        try (LocalBroker broker = LocalBroker.start(data, 0)) {
            assertThat(broker.bootstrap()).isNotEqualTo(before);
            produce(broker, "fourth");
            assertThat(consume(broker, 2)).containsExactly("third", "fourth");
        }
    }

    @Test
    void recordLockOfOneSecondIsAllowed() throws Exception {
        try (LocalBroker broker = LocalBroker.start(data, 0)) {
            prepare(broker);
            alterGroup(broker, "share.record.lock.duration.ms", "1000");
            alterGroup(broker, "share.delivery.count.limit", "10");
            produce(broker, "held");
            try (KafkaShareConsumer<String, String> hung = consumer(broker)) {
                assertThat(poll(hung)).extracting(ConsumerRecord::value).containsExactly("held");
                try (KafkaShareConsumer<String, String> other = consumer(broker)) {
                    assertThat(poll(other)).satisfiesExactly(record -> {
                        assertThat(record.value()).isEqualTo("held");
                        assertThat(record.deliveryCount()).hasValue((short) 2);
                        other.acknowledge(record, AcknowledgeType.ACCEPT);
                    });
                    assertThat(other.commitSync().values()).allMatch(java.util.Optional::isEmpty);
                }
            }
        }
    }

    @Test
    void takenPortIsNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> LocalBroker.start(data, taken.getLocalPort()))
                    .isInstanceOf(PortTakenException.class)
                    .hasMessage("port " + taken.getLocalPort() + " is already in use");
        }
    }

    private static void prepare(LocalBroker broker) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
        }
        alterGroup(broker, "share.auto.offset.reset", "earliest");
    }

    private static void alterGroup(LocalBroker broker, String name, String value) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
            Map<ConfigResource, Collection<AlterConfigOp>> change = Map.of(
                    new ConfigResource(ConfigResource.Type.GROUP, GROUP),
                    List.of(new AlterConfigOp(new ConfigEntry(name, value), OpType.SET)));
            admin.incrementalAlterConfigs(change).all().get();
        }
    }

    private static void produce(LocalBroker broker, String... values) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrap()), new StringSerializer(), new StringSerializer())) {
            for (String value : values) {
                producer.send(new ProducerRecord<>(TOPIC, value)).get();
            }
        }
    }

    private static List<String> consume(LocalBroker broker, int count) {
        List<String> values = new ArrayList<>();
        try (KafkaShareConsumer<String, String> consumer = consumer(broker)) {
            while (values.size() < count) {
                for (ConsumerRecord<String, String> record : poll(consumer)) {
                    values.add(record.value());
                    consumer.acknowledge(record, AcknowledgeType.ACCEPT);
                }
                assertThat(consumer.commitSync().values()).allMatch(java.util.Optional::isEmpty);
            }
        }
        return values;
    }

    private static KafkaShareConsumer<String, String> consumer(LocalBroker broker) {
        KafkaShareConsumer<String, String> consumer = new KafkaShareConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        broker.bootstrap(),
                        "group.id",
                        GROUP,
                        "share.acknowledgement.mode",
                        "explicit"),
                new StringDeserializer(),
                new StringDeserializer());
        consumer.subscribe(List.of(TOPIC));
        return consumer;
    }

    private static List<ConsumerRecord<String, String>> poll(KafkaShareConsumer<String, String> consumer) {
        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        while (records.isEmpty()) {
            consumer.poll(Duration.ofMillis(200)).forEach(records::add);
        }
        return records;
    }
}
