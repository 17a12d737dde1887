package dev.thunderhead.render.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thunderhead.job.Lane;
import dev.thunderhead.job.Outcome;
import dev.thunderhead.job.RenderEvent;
import dev.thunderhead.job.RenderTask;
import dev.thunderhead.model.ImageSize;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a claim promises while it holds a task. */
@Timeout(120)
@ExtendWith(SharedCloud.class)
class ClaimIT {
    private static final ImageSize SMALL = new ImageSize(64, 64);

    private final Cloud cloud;

    ClaimIT(Cloud cloud) {
        this.cloud = cloud;
    }

    @Test
    void aTaskThatRendersForThreeTimesTheLockIsRenderedOnce() throws IOException {
        Duration step = Cloud.LOCK.multipliedBy(3).dividedBy(32);
        try (TestWorker one = TestWorker.start(cloud, TestWorker.Options.USUAL.step(step));
                TestWorker other = TestWorker.start(cloud, TestWorker.Options.USUAL.step(step))) {
            RenderTask task = cloud.submit(Cloud.task(Lane.STANDARD, "long", 32, SMALL));

            await().atMost(Cloud.PATIENCE).until(() -> cloud.outcome(task).isPresent());

            assertThat(one.painter().times("long") + other.painter().times("long"))
                    .isEqualTo(1);
            assertThat(cloud.events(task)).hasSize(1);
            assertThat(cloud.outcome(task).orElseThrow()).isInstanceOf(Outcome.Picture.class);
            assertThat(one.count("thunderhead.worker.tasks.abandoned")
                            + other.count("thunderhead.worker.tasks.abandoned"))
                    .isZero();
        }
    }

    @Test
    void aHeldTaskKeepsNoNewOneFromStartingElsewhere() throws IOException {
        Duration step = Duration.ofMillis(200);
        try (TestWorker one = TestWorker.start(cloud, TestWorker.Options.USUAL.step(step));
                TestWorker other = TestWorker.start(cloud, TestWorker.Options.USUAL.step(step))) {
            RenderTask held = cloud.submit(Cloud.task(Lane.INTERACTIVE, "held", 32, SMALL));
            await().atMost(Cloud.PATIENCE)
                    .until(() -> one.painter().times("held") + other.painter().times("held") == 1);
            TestWorker idle = one.painter().times("held") == 0 ? one : other;
            pause(Duration.ofSeconds(1));

            List<RenderTask> news = List.of(
                    cloud.submit(Cloud.task(Lane.INTERACTIVE, "new", 1, SMALL)),
                    cloud.submit(Cloud.task(Lane.STANDARD, "new", 1, SMALL)),
                    cloud.submit(Cloud.task(Lane.BULK, "new", 1, SMALL)));

            await().atMost(Cloud.PATIENCE).until(() -> cloud.allEnded(news));
            assertThat(cloud.events(held)).isEmpty();
            assertThat(idle.painter().times("new")).isEqualTo(3);
            await().atMost(Cloud.PATIENCE).until(() -> cloud.outcome(held).isPresent());
        }
    }

    @Test
    void longTasksThatComeAtOnceAreSharedByIdleWorkers() throws IOException {
        TestWorker.Options oneByOne = TestWorker.Options.USUAL
                .step(Duration.ofMillis(100))
                .settings(TestWorker.Options.settings(1, Duration.ofSeconds(20)));
        try (TestWorker one = TestWorker.start(cloud, oneByOne);
                TestWorker other = TestWorker.start(cloud, oneByOne)) {
            List<RenderTask> tasks = List.of(
                    cloud.submit(Cloud.task(Lane.INTERACTIVE, "shared", 32, SMALL)),
                    cloud.submit(Cloud.task(Lane.INTERACTIVE, "shared", 32, SMALL)));

            await().atMost(Cloud.PATIENCE).until(() -> cloud.allEnded(tasks));

            assertThat(one.painter().times("shared")).isEqualTo(1);
            assertThat(other.painter().times("shared")).isEqualTo(1);
        }
    }

    @Test
    void thePicturesOfOneJobAreRenderedByTwoWorkersAtOnce() throws IOException {
        TestWorker.Options oneByOne = TestWorker.Options.USUAL
                .step(Duration.ofMillis(150))
                .settings(TestWorker.Options.settings(1, Duration.ofSeconds(20)));
        try (TestWorker one = TestWorker.start(cloud, oneByOne);
                TestWorker other = TestWorker.start(cloud, oneByOne)) {
            List<RenderTask> job = Cloud.job(2, Lane.INTERACTIVE, "one of a pair", 32);
            job.forEach(cloud::submit);

            await().atMost(Cloud.PATIENCE)
                    .until(() -> one.painter().times("one of a pair") == 1
                            && other.painter().times("one of a pair") == 1);
            assertThat(cloud.ended()).doesNotContain(job.get(0).id(), job.get(1).id());
            await().atMost(Cloud.PATIENCE).until(() -> cloud.allEnded(job));
            assertThat(one.painter().times("one of a pair")).isEqualTo(1);
            assertThat(other.painter().times("one of a pair")).isEqualTo(1);
        }
    }

    @Test
    void twoWorkersThatFinishTheSameTaskLeaveOneOutcomeAndTwoEqualReports() throws IOException {
        Duration step = Cloud.LOCK.dividedBy(8);
        Semaphore suspended = new Semaphore(1);
        TestWorker.Options suspendable =
                TestWorker.Options.USUAL.step(step).consumers(consumer -> new SuspendableConsumer(consumer, suspended));
        try (TestWorker hung = TestWorker.start(cloud, suspendable)) {
            RenderTask task = cloud.submit(Cloud.task(Lane.STANDARD, "twice", 16, SMALL));
            await().atMost(Cloud.PATIENCE).until(() -> hung.painter().times("twice") == 1);
            // Its claims stand still, as after SIGSTOP; its renderer goes on, so that both finish.
            suspended.acquireUninterruptibly();
            try (TestWorker other = TestWorker.start(cloud, TestWorker.Options.USUAL.step(step))) {
                await().atMost(Cloud.PATIENCE).until(() -> other.painter().times("twice") == 1);
                suspended.release();
                await().atMost(Cloud.PATIENCE).until(() -> cloud.events(task).size() == 2);
                await().atMost(Cloud.PATIENCE).until(() -> hung.count("thunderhead.worker.tasks.abandoned") == 1);

                List<RenderEvent> events = cloud.events(task);
                assertThat(events.get(0)).isEqualTo(events.get(1));
                assertThat(cloud.outcome(task)).contains(events.get(0).outcome());
            }
        }
    }

    private static void pause(Duration time) {
        await().pollDelay(time).atMost(time.plusSeconds(5)).until(() -> true);
    }
}
