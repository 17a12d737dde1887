package dev.thunderhead.backing;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.internals.Topic;

/**
 * The settings of {@link LocalBroker}, for one node that starts fast and is used by few clients. What a setting here
 * makes small (partitions, threads, buffers) changes no behaviour that clients see; what it makes short (intervals,
 * lowest allowed durations) lets tests ask for short ones, and leaves the defaults for everybody else.
 */
final class BrokerSettings {
    static final int NODE = 1;
    /** The listener for clients. */
    static final String CLIENTS = "CLIENTS";
    /** The listener between broker and controller. */
    static final String QUORUM = "QUORUM";

    private static final String SEGMENT_BYTES = String.valueOf(100 << 20);

    private BrokerSettings() {}

    static Map<String, String> of(Path data, String host, int port, int quorumPort) {
        Map<String, String> settings = new HashMap<>();
        settings.putAll(node(data, host, port, quorumPort));
        settings.putAll(singleNodeTopics());
        settings.putAll(groups());
        settings.putAll(process());
        return settings;
    }

    private static Map<String, String> node(Path data, String host, int port, int quorumPort) {
        String clients = CLIENTS + "://" + host + ":" + port;
        String quorum = QUORUM + "://" + host + ":" + quorumPort;
        // The voters' address is a setting, not data on disk, so a restart may move the port.
        String voters = NODE + "@" + host + ":" + quorumPort;
        return Map.of(
                "process.roles",
                "broker,controller",
                "node.id",
                String.valueOf(NODE),
                "controller.quorum.voters",
                voters,
                "controller.listener.names",
                QUORUM,
                "inter.broker.listener.name",
                CLIENTS,
                "listeners",
                clients + "," + quorum,
                "listener.security.protocol.map",
                CLIENTS + ":PLAINTEXT," + QUORUM + ":PLAINTEXT",
                "log.dir",
                data.toString());
    }

    private static Map<String, String> singleNodeTopics() {
        return Map.of(
                "default.replication.factor", "1",
                "auto.create.topics.enable", "false",
                "offsets.topic.replication.factor", "1",
                "offsets.topic.num.partitions", "1",
                "share.coordinator.state.topic.replication.factor", "1",
                "share.coordinator.state.topic.min.isr", "1",
                "share.coordinator.state.topic.num.partitions", "1",
                "transaction.state.log.replication.factor", "1",
                "transaction.state.log.min.isr", "1",
                "transaction.state.log.num.partitions", "1");
    }

    /** What the coordinators ask for when they make their topics themselves. */
    static List<NewTopic> coordinatorTopics() {
        NewTopic offsets = new NewTopic(Topic.GROUP_METADATA_TOPIC_NAME, 1, (short) 1)
                .configs(Map.of("cleanup.policy", "compact", "segment.bytes", SEGMENT_BYTES));
        NewTopic shareState = new NewTopic(Topic.SHARE_GROUP_STATE_TOPIC_NAME, 1, (short) 1)
                .configs(Map.of("cleanup.policy", "delete", "retention.ms", "-1", "segment.bytes", SEGMENT_BYTES));
        return List.of(offsets, shareState);
    }

    private static Map<String, String> groups() {
        Map<String, String> groups = new HashMap<>();
        groups.put("group.share.max.size", "1000");
        groups.put("group.share.max.delivery.count.limit", "10");
        groups.put("group.share.min.record.lock.duration.ms", "1000");
        // A member that was killed keeps its partitions, and with them new records, until its session ends.
        groups.put("group.share.min.session.timeout.ms", "1000");
        groups.put("group.share.session.timeout.ms", "10000");
        // A new member gets its partitions with a heartbeat, and a new group with its second or third.
        groups.put("group.share.min.heartbeat.interval.ms", "200");
        groups.put("group.share.heartbeat.interval.ms", "500");
        groups.put("group.share.assignment.interval.ms", "0");
        groups.put("group.share.initialize.retry.interval.ms", "1000");
        groups.put("group.initial.rebalance.delay.ms", "0");
        groups.put("group.min.session.timeout.ms", "1000");
        groups.put("group.consumer.min.session.timeout.ms", "1000");
        groups.put("group.consumer.min.heartbeat.interval.ms", "200");
        groups.put("group.consumer.heartbeat.interval.ms", "500");
        groups.put("group.consumer.assignment.interval.ms", "0");
        return groups;
    }

    private static Map<String, String> process() {
        Map<String, String> process = new HashMap<>();
        // A broker that was killed may come back only when its last session has ended.
        process.put("broker.session.timeout.ms", "6000");
        process.put("broker.heartbeat.interval.ms", "1000");
        process.put("num.network.threads", "2");
        process.put("num.io.threads", "4");
        process.put("background.threads", "2");
        process.put("group.coordinator.threads", "1");
        // The default is 128 MiB of heap, for topics of hundreds of millions of keys.
        process.put("log.cleaner.dedupe.buffer.size", String.valueOf(4 << 20));
        return process;
    }
}
