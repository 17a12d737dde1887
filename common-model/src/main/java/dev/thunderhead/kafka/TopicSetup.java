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
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Creates what is missing in Kafka and checks what stands. Doing it twice changes nothing.
 */
public final class TopicSetup {
    /** How often a task is delivered at most; after that Kafka drops it without a word. */
    public static final int DELIVERY_LIMIT = 10;

    /** Whoever gets a partition reads all of it, so what is over goes soon: segments close, and are cleaned, early. */
    private static final Map<String, String> COMPACTED = Map.of(
            "cleanup.policy", "compact",
            "segment.bytes", Integer.toString(64 << 20),
            "segment.ms", Long.toString(Duration.ofHours(1).toMillis()),
            "min.cleanable.dirty.ratio", "0.2",
            "delete.retention.ms", Long.toString(Duration.ofHours(1).toMillis()));

    private static final int LOOKS = 100;
    private static final int LOOK_MILLIS = 50;

    private final KafkaConnection connection;

    public TopicSetup(KafkaConnection connection) {
        this.connection = connection;
    }

    /**
     * Makes the topics ready.
     *
     * @throws IOException when Kafka cannot be reached, or a topic that stands would lose tasks; the message says what
     *     to change
     */
    public void ensureTopics() throws IOException {
        with(admin -> {
            createTopics(admin);
            check(admin);
        });
    }

    /**
     * Makes the workers' share group ready; workers alone call it, before they join.
     *
     * @param lock how long a claimed task stays with a worker that shows no sign of life
     * @throws IOException when Kafka cannot be reached, or does not take the lock; the message says what to change
     */
    public void ensureShareGroup(Duration lock) throws IOException {
        with(admin -> configureGroup(admin, lock));
    }

    /** What is done while connected. */
    @FunctionalInterface
    private interface Change {
        void make(Admin admin) throws IOException, ExecutionException, InterruptedException;
    }

    private void with(Change change) throws IOException {
        try (Admin admin = connection.admin()) {
            change.make(admin);
        } catch (ExecutionException | KafkaException problem) {
            Throwable cause = Optional.ofNullable(problem.getCause()).orElse(problem);
            String advice = cause instanceof InvalidConfigurationException
                    ? "; check THUNDERHEAD_LOCK against the broker's group.share.*.record.lock.duration.ms"
                    : "; Thunderhead needs Kafka 4.2 or newer at THUNDERHEAD_KAFKA";
            throw new IOException(
                    "Kafka at " + connection.settings().bootstrap() + ": " + cause.getMessage() + advice, problem);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while setting up topics", interrupt);
        }
    }

    private void createTopics(Admin admin) throws ExecutionException, InterruptedException {
        KafkaSettings settings = connection.settings();
        List<NewTopic> topics = Arrays.stream(Topic.values())
                .map(topic -> new NewTopic(topic.topicName(), topic.isUndivided() ? 1 : settings.partitions(), (short)
                                settings.replication())
                        .configs(configs(topic)))
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

    private static Map<String, String> configs(Topic topic) {
        return topic.retention()
                .map(retention -> Map.of("retention.ms", Long.toString(retention.toMillis())))
                .orElse(COMPACTED);
    }

    // The default starts a new group at the log's end: tasks that came before the first worker would be skipped.
    private static void configureGroup(Admin admin, Duration lock)
            throws IOException, ExecutionException, InterruptedException {
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
        for (int attempt = 0; attempt < LOOKS; attempt++) {
            for (Config config :
                    admin.describeConfigs(List.of(group)).all().get().values()) {
                if (settings.entrySet().stream()
                        .allMatch(entry -> entry.getValue()
                                .equals(config.get(entry.getKey()).value()))) {
                    return;
                }
            }
            Thread.sleep(LOOK_MILLIS);
        }
        throw new IOException("Kafka did not take over the settings of group " + Topic.RENDER_GROUP + ": " + settings);
    }

    private static void check(Admin admin) throws IOException, ExecutionException, InterruptedException {
        Map<Integer, List<String>> byPartitions = new TreeMap<>();
        for (TopicDescription topic : describe(admin)) {
            if (topic.name().equals(Topic.BATCHES.topicName())) {
                checkUndivided(topic);
                continue;
            }
            byPartitions
                    .computeIfAbsent(topic.partitions().size(), partitions -> new ArrayList<>())
                    .add(topic.name());
        }
        if (byPartitions.size() > 1) {
            throw new IOException("tasks and events must have the same number of partitions, but there are "
                    + byPartitions + " (partitions=topics)");
        }
        for (Topic topic : Topic.values()) {
            Config config = config(admin, topic);
            if (topic.retention().isPresent()) {
                checkRetention(topic, topic.retention().get(), config);
            } else {
                checkCompaction(topic, config);
            }
        }
    }

    // With more, more than one frontend would feed batches.
    private static void checkUndivided(TopicDescription topic) throws IOException {
        if (topic.partitions().size() != 1) {
            throw new IOException("topic " + topic.name() + " must have one partition, but has "
                    + topic.partitions().size() + ": delete it, and it is made again");
        }
    }

    // A topic is known to the brokers a moment after it was created.
    private static Collection<TopicDescription> describe(Admin admin) throws ExecutionException, InterruptedException {
        List<String> names = Arrays.stream(Topic.values()).map(Topic::topicName).toList();
        for (int attempt = 1; ; attempt++) {
            try {
                return admin.describeTopics(names).allTopicNames().get().values();
            } catch (ExecutionException problem) {
                if (!(problem.getCause() instanceof UnknownTopicOrPartitionException) || attempt == LOOKS) {
                    throw problem;
                }
                Thread.sleep(LOOK_MILLIS);
            }
        }
    }

    private static Config config(Admin admin, Topic topic) throws ExecutionException, InterruptedException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.topicName());
        return admin.describeConfigs(List.of(resource))
                .all()
                .get()
                .values()
                .iterator()
                .next();
    }

    private static void checkRetention(Topic topic, Duration required, Config config) throws IOException {
        long retention = Long.parseLong(config.get("retention.ms").value());
        if (retention >= 0 && retention < required.toMillis()) {
            throw new IOException("topic " + topic.topicName() + " keeps its records for " + retention
                    + " ms, so open tasks would be lost: set retention.ms to " + required.toMillis() + " or more");
        }
    }

    private static void checkCompaction(Topic topic, Config config) throws IOException {
        String policy = config.get("cleanup.policy").value();
        if (!policy.equals("compact")) {
            throw new IOException("topic " + topic.topicName() + " has cleanup.policy=" + policy
                    + ", so pending callbacks would be lost: set it to compact");
        }
    }
}
