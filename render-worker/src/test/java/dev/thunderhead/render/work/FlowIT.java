package dev.thunderhead.render.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thunderhead.job.Lane;
import dev.thunderhead.job.Outcome;
import dev.thunderhead.job.RenderTask;
import dev.thunderhead.model.ImageSize;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** How tasks flow through one worker: in batches, overlapping, lane by lane, and through failures around it. */
@Timeout(120)
@ExtendWith(SharedCloud.class)
class FlowIT {
    private final Cloud cloud;

    FlowIT(Cloud cloud) {
        this.cloud = cloud;
    }

    @Test
    void tasksOfOneKindAreRenderedTogetherAndOthersAreNot() throws IOException {
        List<RenderTask> tasks = new ArrayList<>(cloud.submit(4, Lane.STANDARD, "alike"));
        tasks.add(cloud.submit(Cloud.task(Lane.BULK, "small", 4, new ImageSize(64, 64))));
        tasks.add(cloud.submit(Cloud.task(Lane.BULK, "wide", 4, new ImageSize(128, 64))));
        tasks.add(cloud.submit(Cloud.task(Lane.BULK, "quick", 2, new ImageSize(64, 64))));

        try (TestWorker worker = TestWorker.start(cloud)) {
            await().atMost(Cloud.PATIENCE).until(() -> cloud.allEnded(tasks));

            assertThat(worker.painter().batches())
                    .contains(
                            List.of("alike", "alike", "alike", "alike"),
                            List.of("small"),
                            List.of("wide"),
                            List.of("quick"));
            assertThat(((Outcome.Picture) cloud.outcome(tasks.get(0)).orElseThrow()).batch())
                    .isEqualTo(4);
        }
    }

    @Test
    void theNextBatchRendersWhileTheLastOneIsEncoded() throws IOException {
        CountDownLatch secondPainted = new CountDownLatch(1);
        PictureFiles slow = (raster, task, model) -> {
            try {
                if (task.prompt().equals("first") && !secondPainted.await(20, TimeUnit.SECONDS)) {
                    throw new IOException("rendering waits for encoding");
                }
            } catch (InterruptedException interrupt) {
                throw new IOException(interrupt);
            }
            if (task.prompt().equals("second")) {
                secondPainted.countDown();
            }
            return new byte[] {1};
        };
        try (TestWorker worker = TestWorker.start(cloud, TestWorker.Options.USUAL.files(slow))) {
            RenderTask first = cloud.submit(Cloud.task(Lane.INTERACTIVE, "first"));
            await().atMost(Cloud.PATIENCE).until(() -> worker.painter().times("first") == 1);
            RenderTask second = cloud.submit(Cloud.task(Lane.INTERACTIVE, "second"));

            await().atMost(Cloud.PATIENCE).until(() -> cloud.allEnded(List.of(first, second)));
            assertThat(cloud.outcome(first).orElseThrow()).isInstanceOf(Outcome.Picture.class);
        }
    }

    @Test
    void interactiveTasksOvertakeBulkWhichStillGetsATenth() throws IOException {
        List<RenderTask> bulk = cloud.submit(40, Lane.BULK, "bulk");
        List<RenderTask> standard = cloud.submit(40, Lane.STANDARD, "standard");
        TestWorker.Options oneByOne = TestWorker.Options.USUAL
                .step(Duration.ofMillis(8))
                .settings(TestWorker.Options.settings(1, Duration.ofSeconds(20)));
        try (TestWorker worker = TestWorker.start(cloud, oneByOne)) {
            List<RenderTask> interactive = cloud.submit(40, Lane.INTERACTIVE, "interactive");
            await().atMost(Cloud.PATIENCE).until(() -> cloud.allEnded(interactive));

            List<String> order = worker.painter().batches().stream()
                    .map(batch -> batch.get(0))
                    .toList();
            List<String> contended = order.subList(order.indexOf("interactive"), order.lastIndexOf("interactive") + 1);
            assertThat(contended.stream().filter("bulk"::equals).count())
                    .isBetween((long) contended.size() / 10, (long) contended.size() / 3);
            assertThat(contended.stream().filter("interactive"::equals).count())
                    .isGreaterThan(contended.stream().filter("standard"::equals).count());
            await().atMost(Cloud.PATIENCE).until(() -> cloud.allEnded(bulk) && cloud.allEnded(standard));
        }
    }

    /** The bulk picture takes longer than a claim's patience, and yet an interactive claim stays while it is rendered. */
    @Test
    void anInteractiveTaskIsRenderedBetweenTwoStepsOfABulkBatch() throws IOException {
        try (TestWorker worker = TestWorker.start(cloud)) {
            RenderTask bulk = cloud.submit(Cloud.task(Lane.BULK, "campaign", 32, new ImageSize(256, 256)));
            await().atMost(Cloud.PATIENCE).until(() -> worker.painter().times("campaign") == 1);
            RenderTask urgent = cloud.submit(Cloud.task(Lane.INTERACTIVE, "urgent"));

            await().atMost(Cloud.PATIENCE).until(() -> cloud.allEnded(List.of(bulk, urgent)));

            assertThat(worker.painter().steps())
                    .containsSubsequence("campaign 0", "urgent 0", "urgent 4", "campaign 32");
            assertThat(cloud.ended()).containsSubsequence(urgent.id(), bulk.id());
            assertThat(worker.painter().times("campaign")).isEqualTo(1);
            assertThat(cloud.outcome(bulk).orElseThrow())
                    .isInstanceOfSatisfying(
                            Outcome.Picture.class,
                            picture -> assertThat(picture.timings().steps()).hasSize(32));
        }
    }

    @Test
    void nothingIsLostThoughTheStoreThrowsWhatItShouldNot() throws IOException {
        InterruptedStore store = new InterruptedStore(cloud.store());
        try (TestWorker worker = TestWorker.start(cloud, TestWorker.Options.USUAL.store(all -> store))) {
            store.breakDown();
            List<RenderTask> tasks = cloud.submit(2, Lane.STANDARD, "unshaken");
            await().atMost(Cloud.PATIENCE).until(() -> store.refusals() > 3);
            store.comeBack();

            await().atMost(Cloud.PATIENCE).until(() -> cloud.allEnded(tasks) && worker.held() == 0);
            tasks.forEach(task -> {
                assertThat(cloud.outcome(task).orElseThrow()).isInstanceOf(Outcome.Picture.class);
                assertThat(cloud.events(task)).hasSize(1);
            });
        }
    }

    @Test
    void nothingIsLostAndNothingRenderedTwiceWhileTheStoreIsAway() throws IOException {
        InterruptedStore store = new InterruptedStore(cloud.store());
        try (TestWorker worker = TestWorker.start(cloud, TestWorker.Options.USUAL.store(all -> store))) {
            store.leave();
            List<RenderTask> tasks = cloud.submit(3, Lane.STANDARD, "patient");
            // Longer than the lock, so that renewals are what keeps the tasks here.
            await().pollDelay(Cloud.LOCK.plusSeconds(1)).atMost(Cloud.PATIENCE).until(() -> store.refusals() > 3);
            store.comeBack();

            await().atMost(Cloud.PATIENCE).until(() -> cloud.allEnded(tasks));
            assertThat(worker.painter().times("patient")).isEqualTo(3);
            tasks.forEach(task -> assertThat(cloud.outcome(task).orElseThrow()).isInstanceOf(Outcome.Picture.class));
        }
    }
}
