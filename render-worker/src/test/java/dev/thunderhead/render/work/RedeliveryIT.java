package dev.thunderhead.render.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thunderhead.job.Cancellation;
import dev.thunderhead.job.FailureCode;
import dev.thunderhead.job.Lane;
import dev.thunderhead.job.Outcome;
import dev.thunderhead.job.RenderTask;
import dev.thunderhead.kafka.TaskRecords;
import dev.thunderhead.kafka.TopicSetup;
import dev.thunderhead.model.ImageSize;
import dev.thunderhead.storage.ObjectKeys;
import dev.thunderhead.wire.Topic;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a worker does with tasks that it is not the first to get, and how it hands over its own. */
@Timeout(120)
@ExtendWith(SharedCloud.class)
class RedeliveryIT {
    private final Cloud cloud;

    RedeliveryIT(Cloud cloud) {
        this.cloud = cloud;
    }

    @Test
    void aRedeliveredTaskIsLookedUpFirstAndThreeFailedAttemptsMakeItPoison() throws IOException {
        RenderTask ended = cloud.submit(Cloud.task(Lane.INTERACTIVE, "ended"));
        RenderTask killer = cloud.submit(Cloud.task(Lane.STANDARD, "killer"));
        RenderTask innocent = cloud.submit(Cloud.task(Lane.BULK, "innocent"));
        List.of(ended, killer, innocent).forEach(cloud::deliverOnceInVain);
        Outcome.Failed standing = new Outcome.Failed(FailureCode.SPOILED_PICTURE, "as it was", Instant.now());
        cloud.outcomes().record(ended.outcomeKey(), standing);
        for (int attempt = 1; attempt <= Attempts.LIMIT; attempt++) {
            cloud.store().putIfAbsent(attempts(killer) + attempt, new byte[0], "text/plain", Map.of());
        }
        cloud.store().putIfAbsent(attempts(innocent) + 1, new byte[0], "text/plain", Map.of());
        RenderTask cancelled = Cloud.task(Lane.INTERACTIVE, "cancelled while queued");
        cloud.outcomes().record(cancelled.outcomeKey(), new Outcome.Cancelled("no more", Instant.now()));
        cloud.produce(TaskRecords.of(new Cancellation(cancelled.id().job())));
        cloud.submit(cancelled);

        try (TestWorker worker = TestWorker.start(cloud)) {
            await().atMost(Cloud.PATIENCE).until(() -> cloud.allEnded(List.of(ended, killer, innocent, cancelled)));

            assertThat(cloud.outcome(ended)).contains(cloud.events(ended).get(0).outcome());
            assertThat(cloud.outcome(ended).orElseThrow()).isInstanceOf(Outcome.Failed.class);
            assertThat(cloud.outcome(killer).orElseThrow())
                    .isInstanceOfSatisfying(
                            Outcome.Failed.class,
                            failed -> assertThat(failed.code()).isEqualTo(FailureCode.POISON_TASK));
            assertThat(cloud.records(Topic.DEAD_LETTERS))
                    .anyMatch(letter -> letter.key().equals(killer.id().job().value()));
            assertThat(cloud.outcome(innocent).orElseThrow()).isInstanceOf(Outcome.Picture.class);
            assertThat(cloud.outcome(cancelled).orElseThrow()).isInstanceOf(Outcome.Cancelled.class);
            List<String> painted =
                    worker.painter().batches().stream().flatMap(List::stream).toList();
            assertThat(painted).contains("innocent").doesNotContain("ended", "killer", "cancelled while queued");
            await().atMost(Cloud.PATIENCE)
                    .untilAsserted(() ->
                            assertThat(cloud.store().list(attempts(innocent))).isEmpty());
        }
    }

    @Test
    void theLastDeliveryIsRenderedWhenNoAttemptHasFailed() throws IOException {
        RenderTask task = cloud.submit(Cloud.task(Lane.STANDARD, "last chance"));
        cloud.deliverInVain(task, TopicSetup.DELIVERY_LIMIT - 1);

        try (TestWorker worker = TestWorker.start(cloud)) {
            await().atMost(Cloud.PATIENCE).until(() -> cloud.outcome(task).isPresent());

            assertThat(cloud.outcome(task).orElseThrow()).isInstanceOf(Outcome.Picture.class);
            assertThat(worker.count("thunderhead.worker.dead.letters")).isZero();
        }
    }

    @Test
    void aDrainGivesBackWhatDoesNotFitAndAnotherWorkerRendersItUnblamed() throws IOException {
        RenderTask task = Cloud.task(Lane.STANDARD, "handed over", 32, new ImageSize(64, 64));
        cloud.submit(task);
        cloud.deliverOnceInVain(task);
        TestWorker.Options hurried = TestWorker.Options.USUAL
                .step(Duration.ofMillis(150))
                .settings(TestWorker.Options.settings(4, Duration.ZERO));
        TestWorker leaver = TestWorker.start(cloud, hurried);
        try {
            await().atMost(Cloud.PATIENCE).until(() -> leaver.painter().times("handed over") == 1);
            assertThat(cloud.store().list(attempts(task))).hasSize(1);
        } finally {
            leaver.close();
        }
        assertThat(cloud.store().list(attempts(task))).isEmpty();
        assertThat(cloud.events(task)).isEmpty();

        try (TestWorker heir = TestWorker.start(cloud)) {
            await().atMost(Cloud.PATIENCE).until(() -> cloud.outcome(task).isPresent());
            assertThat(cloud.outcome(task).orElseThrow()).isInstanceOf(Outcome.Picture.class);
            assertThat(heir.painter().times("handed over")).isEqualTo(1);
        }
    }

    @Test
    void aDrainFinishesWhatFitsInTheGrace() throws IOException {
        TestWorker leaver = TestWorker.start(cloud, TestWorker.Options.USUAL.step(Duration.ofMillis(100)));
        RenderTask task = cloud.submit(Cloud.task(Lane.STANDARD, "last one"));
        await().atMost(Cloud.PATIENCE).until(() -> leaver.painter().times("last one") == 1);

        leaver.close();

        assertThat(cloud.outcome(task).orElseThrow()).isInstanceOf(Outcome.Picture.class);
        assertThat(leaver.count("thunderhead.worker.tasks.abandoned")).isZero();
    }

    private static String attempts(RenderTask task) {
        return ObjectKeys.attempts(task.account(), task.id());
    }
}
