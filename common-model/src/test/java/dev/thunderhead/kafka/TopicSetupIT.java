package dev.thunderhead.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thunderhead.backing.LocalBroker;
import dev.thunderhead.wire.Topic;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopicSetupIT {
    @TempDir
    Path data;

    @Test
    void createsWhatIsMissingAndChecksWhatStands() throws Exception {
        try (LocalBroker broker = LocalBroker.start(data, 0)) {
            KafkaConnection connection = new KafkaConnection(new KafkaSettings(broker.bootstrap(), Map.of(), 3, 1));
            TopicSetup setup = new TopicSetup(connection);
            for (int start = 0; start < 2; start++) {
                setup.ensureTopics();
                setup.ensureShareGroup(Duration.ofSeconds(30));
            }
            assertThatThrownBy(() -> setup.ensureShareGroup(Duration.ofDays(1)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("THUNDERHEAD_LOCK");
            try (Admin admin = connection.admin()) {
                assertThat(admin.listTopics().names().get())
                        .containsAll(Arrays.stream(Topic.values())
                                .map(Topic::topicName)
                                .toList());
                ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, Topic.RENDER_GROUP);
                assertThat(admin.describeConfigs(List.of(group))
                                .all()
                                .get()
                                .get(group)
                                .get("share.auto.offset.reset")
                                .value())
                        .isEqualTo("earliest");

                ConfigResource events = new ConfigResource(ConfigResource.Type.TOPIC, "events");
                admin.incrementalAlterConfigs(Map.of(
                                events,
                                List.of(new AlterConfigOp(
                                        new ConfigEntry("retention.ms", "60000"), AlterConfigOp.OpType.SET))))
                        .all()
                        .get();
            }
            assertThatThrownBy(setup::ensureTopics)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("topic events")
                    .hasMessageContaining("retention.ms");
        }
    }

    @Test
    void anUnreachableBrokerIsNamed() {
        KafkaConnection connection = new KafkaConnection(new KafkaSettings(
                "127.0.0.1:1", Map.of("default.api.timeout.ms", "1000", "request.timeout.ms", "500"), 1, 1));
        assertThatThrownBy(() -> new TopicSetup(connection).ensureTopics())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("127.0.0.1:1")
                .hasMessageContaining("THUNDERHEAD_KAFKA");
    }
}
