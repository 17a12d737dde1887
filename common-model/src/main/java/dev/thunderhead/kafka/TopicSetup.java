package dev.thunderhead.kafka;

import dev.thunderhead.wire.Topic;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;

/**
 * Creates what is missing in Kafka and checks what stands. Both services call it at start; doing it twice changes
 * nothing.
 */
public final class TopicSetup {
    /** How often a task is delivered at most; after that Kafka drops it without a word. */
    public static final int DELIVERY_LIMIT = 10;

    private final KafkaConnection connection;
    private final Duration lock;

    /** @param lock how long a claimed task stays with a worker that shows no sign of life */
    public TopicSetup(KafkaConnection connection, Duration lock) {
        this.connection = connection;
        this.lock = lock;
    }

    /**
     * Makes topics and share group ready.
     *
     * @throws IOException when Kafka cannot be reached, or a topic that stands would lose tasks; the message says what
     *     to change
     */
    public void ensure() throws IOException {
        try (Admin admin = connection.admin()) {
            createTopics(admin);
            configureGroup(admin);
            check(admin);
        } catch (ExecutionException | KafkaException problem) {
            String why = String.valueOf(
                    Optional.ofNullable(problem.getCause()).orElse(problem).getMessage());
            throw new IOException(
                    "Kafka at " + connection.settings().bootstrap() + ": " + why
                            + "; Thunderhead needs Kafka 4.2 or newer at THUNDERHEAD_KAFKA",
                    problem);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while setting up topics", interrupt);
        }
    }

    private void createTopics(Admin admin) throws ExecutionException, InterruptedException {
        KafkaSettings settings = connection.settings();
        List<NewTopic> topics = Arrays.stream(Topic.values())
                .map(topic -> new NewTopic(topic.topicName(), settings.partitions(), (short) settings.replication())
                        .configs(Map.of(
                                "retention.ms", Long.toString(topic.retention().toMillis()))))
                .toList();
        for (var created : admin.createTopics(topics).values().values()) {
            try {
                created.get();
            } catch (ExecutionException problem) {
                if (!(problem.getCause() instanceof TopicExistsException)) {
                    throw problem;
                }
            }
        }
    }

    // The default starts a new group at the log's end: tasks that came before the first worker would be skipped.
    private void configureGroup(Admin admin) throws IOException, ExecutionException, InterruptedException {
        ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, Topic.RENDER_GROUP);
        Map<String, String> settings = Map.of(
                "share.auto.offset.reset",
                "earliest",
                "share.record.lock.duration.ms",
                Long.toString(lock.toMillis()),
                "share.delivery.count.limit",
                Integer.toString(DELIVERY_LIMIT),
                "share.renew.acknowledge.enable",
                "true");
        Collection<AlterConfigOp> changes = settings.entrySet().stream()
                .map(entry ->
                        new AlterConfigOp(new ConfigEntry(entry.getKey(), entry.getValue()), AlterConfigOp.OpType.SET))
                .toList();
        admin.incrementalAlterConfigs(Map.of(group, changes)).all().get();
        awaitSettings(admin, group, settings);
    }

    // The change reaches the brokers a moment after it is accepted; a worker must not join before.
    private static void awaitSettings(Admin admin, ConfigResource group, Map<String, String> settings)
            throws IOException, ExecutionException, InterruptedException {
        for (int attempt = 0; attempt < 100; attempt++) {
            for (Config config :
                    admin.describeConfigs(List.of(group)).all().get().values()) {
                if (settings.entrySet().stream()
                        .allMatch(entry -> entry.getValue()
                                .equals(config.get(entry.getKey()).value()))) {
                    return;
                }
            }
            Thread.sleep(50);
        }
        throw new IOException("Kafka did not take over the settings of group " + Topic.RENDER_GROUP + ": " + settings);
    }

    private static void check(Admin admin) throws IOException, ExecutionException, InterruptedException {
        List<String> names = Arrays.stream(Topic.values()).map(Topic::topicName).toList();
        Map<Integer, List<String>> byPartitions = new TreeMap<>();
        for (TopicDescription topic :
                admin.describeTopics(names).allTopicNames().get().values()) {
            byPartitions
                    .computeIfAbsent(topic.partitions().size(), partitions -> new ArrayList<>())
                    .add(topic.name());
        }
        if (byPartitions.size() > 1) {
            throw new IOException("tasks and events must have the same number of partitions, but there are "
                    + byPartitions + " (partitions=topics)");
        }
        for (Topic topic : Topic.values()) {
            checkRetention(admin, topic);
        }
    }

    private static void checkRetention(Admin admin, Topic topic)
            throws IOException, ExecutionException, InterruptedException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.topicName());
        for (Config config :
                admin.describeConfigs(List.of(resource)).all().get().values()) {
            long retention = Long.parseLong(config.get("retention.ms").value());
            if (retention >= 0 && retention < topic.retention().toMillis()) {
                throw new IOException("topic " + topic.topicName() + " keeps its records for " + retention
                        + " ms, so open tasks would be lost: set retention.ms to "
                        + topic.retention().toMillis() + " or more");
            }
        }
    }
}
