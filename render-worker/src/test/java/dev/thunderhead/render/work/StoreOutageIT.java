package dev.thunderhead.render.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thunderhead.job.Lane;
import dev.thunderhead.job.Outcome;
import dev.thunderhead.job.RenderTask;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The S3 server itself goes away, for longer than the lock, and comes back. */
@Timeout(120)
class StoreOutageIT {
    private static final Duration OUTAGE = Cloud.LOCK.plusSeconds(2);
    private static final int LARGE = 32 << 20;

    @Test
    void aTaskEndsOnceThoughTheStoreLeavesWhileItsPictureIsUploaded() throws Exception {
        CountDownLatch encoded = new CountDownLatch(1);
        PictureFiles large = (raster, task, model) -> {
            if (!task.prompt().equals("large")) {
                return new byte[] {1};
            }
            encoded.countDown();
            return new byte[LARGE];
        };
        try (Cloud cloud = Cloud.start();
                TestWorker worker = TestWorker.start(cloud, TestWorker.Options.USUAL.files(large))) {
            RenderTask task = cloud.submit(Cloud.task(Lane.STANDARD, "large"));
            assertThat(encoded.await(20, TimeUnit.SECONDS)).isTrue();
            cloud.stopStore();
            RenderTask next = cloud.submit(Cloud.task(Lane.INTERACTIVE, "meanwhile"));
            Thread.sleep(OUTAGE.toMillis());
            cloud.startStore();

            assertEndedOnce(cloud, worker, List.of(task, next));
        }
    }

    @Test
    void aRedeliveredTaskThatCannotBeLookedUpWaitsForTheStore() throws Exception {
        try (Cloud cloud = Cloud.start()) {
            RenderTask task = cloud.submit(Cloud.task(Lane.STANDARD, "again"));
            cloud.deliverInVain(task, 1);
            cloud.stopStore();
            try (TestWorker worker = TestWorker.start(cloud)) {
                Thread.sleep(OUTAGE.toMillis());
                cloud.startStore();

                assertEndedOnce(cloud, worker, List.of(task));
            }
        }
    }

    private static void assertEndedOnce(Cloud cloud, TestWorker worker, List<RenderTask> tasks) throws IOException {
        await().atMost(Cloud.PATIENCE).until(() -> cloud.allEnded(tasks));
        await().atMost(Cloud.PATIENCE).until(() -> worker.held() == 0);
        for (RenderTask task : tasks) {
            assertThat(cloud.events(task)).hasSize(1);
            assertThat(cloud.outcomes().find(task.outcomeKey()).orElseThrow()).isInstanceOf(Outcome.Picture.class);
        }
    }
}
