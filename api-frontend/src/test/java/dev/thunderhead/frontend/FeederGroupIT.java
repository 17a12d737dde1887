package dev.thunderhead.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thunderhead.frontend.queue.FeederGroup;
import dev.thunderhead.health.Readiness;
import dev.thunderhead.kafka.TopicSetup;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Timeout(120)
@Execution(ExecutionMode.CONCURRENT)
class FeederGroupIT {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @TempDir
    Path data;

    @Test
    void whoIsCutOffFromKafkaDoesNotTakeItselfForTheOneThatFeeds() throws Exception {
        Readiness readiness = new Readiness();
        try (Backing backing = new Backing(data);
                FeederGroup group = new FeederGroup(backing.kafka(), Duration.ofSeconds(5), readiness)) {
            new TopicSetup(backing.kafka()).ensureTopics();
            group.start(batch -> {});
            await().atMost(PATIENCE).until(() -> group.epoch().isPresent() && group.isFresh());
            Backing.ThrowingRunnable restart = backing.stopBroker();
            await().atMost(PATIENCE).until(() -> !group.isFresh());
            restart.run();
            await().atMost(PATIENCE).until(() -> group.epoch().isPresent() && group.isFresh());
            assertThat(readiness.isAlive()).isTrue();
        }
    }
}
