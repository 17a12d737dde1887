package dev.thunderhead.render.work;

import dev.thunderhead.kafka.KafkaConnection;
import dev.thunderhead.wire.Topic;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeShareGroupsOptions;
import org.apache.kafka.clients.admin.ShareMemberDescription;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits until all claims of this worker are members of the group with something to read from; before, a task would wait
 * for them. One thread runs this object; others may call {@link #stop}.
 */
final class Membership implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);
    private static final int PAUSE_MILLIS = 100;

    /** How long a question may stay unanswered, which is also how long a stop may take while Kafka is away. */
    private static final int ANSWER_MILLIS = 3_000;

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

    private final KafkaConnection kafka;
    private final Set<String> clientIds;
    private final Runnable joined;
    private volatile boolean stopping;

    /** @param joined called once, when all of {@code clientIds} have joined */
    Membership(KafkaConnection kafka, Set<String> clientIds, Runnable joined) {
        this.kafka = kafka;
        this.clientIds = Set.copyOf(clientIds);
        this.joined = joined;
    }

    /** {@link #run} returns soon after. */
    void stop() {
        stopping = true;
    }

    @Override
    public void run() {
        Admin admin = kafka.admin();
        try {
            Set<String> missing = new TreeSet<>(clientIds);
            while (!stopping) {
                // A claim that was seen may leave again, when it gets to work.
                missing.removeAll(members(admin));
                if (missing.isEmpty()) {
                    joined.run();
                    return;
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException interrupt) {
            throw new IllegalStateException("the membership is stopped, not interrupted", interrupt);
        } finally {
            admin.close(CLOSE_TIMEOUT);
        }
    }

    private static Set<String> members(Admin admin) throws InterruptedException {
        try {
            DescribeShareGroupsOptions soon = new DescribeShareGroupsOptions().timeoutMs(ANSWER_MILLIS);
            return admin.describeShareGroups(Set.of(Topic.RENDER_GROUP), soon).all().get().values().stream()
                    .flatMap(group -> group.members().stream())
                    .filter(member -> !member.assignment().topicPartitions().isEmpty())
                    .map(ShareMemberDescription::clientId)
                    .collect(Collectors.toSet());
        } catch (ExecutionException | KafkaException problem) {
            // A new group is not there before its first member.
            LOG.debug("event=group_unknown error=\"{}\"", problem.toString());
            return Set.of();
        }
    }
}
