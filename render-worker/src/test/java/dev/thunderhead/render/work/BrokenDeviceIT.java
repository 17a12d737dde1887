package dev.thunderhead.render.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thunderhead.job.Lane;
import dev.thunderhead.job.Outcome;
import dev.thunderhead.job.RenderTask;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A device that fails for everything. */
@Timeout(120)
@ExtendWith(SharedCloud.class)
class BrokenDeviceIT {
    private final Cloud cloud;

    BrokenDeviceIT(Cloud cloud) {
        this.cloud = cloud;
    }

    @Test
    void aWorkerWhoseDeviceBreaksGivesTheQueueToOthers() throws IOException {
        try (TestWorker broken = TestWorker.start(cloud)) {
            broken.painter().breakDown();
            List<RenderTask> tasks = cloud.submit(12, Lane.STANDARD, "for a device that works");
            await().atMost(Cloud.PATIENCE).until(() -> !broken.readiness().isAlive());
            assertThat(broken.readiness().problems()).containsKey("renderer");
            await().atMost(Cloud.PATIENCE).until(() -> broken.held() == 0);

            try (TestWorker other = TestWorker.start(cloud)) {
                await().atMost(Cloud.PATIENCE).until(() -> cloud.allEnded(tasks));
                assertThat(other.readiness().isAlive()).isTrue();
            }
            long failed = tasks.stream()
                    .filter(task -> cloud.outcome(task).orElseThrow() instanceof Outcome.Failed)
                    .count();
            assertThat(failed).isLessThan(Renderer.SUSPICIOUS_FAILURES);
        }
    }

    @Test
    void tasksThatFailByThemselvesDoNotStopAWorkerThatCanPaint() throws IOException {
        try (TestWorker worker = TestWorker.start(cloud)) {
            List<RenderTask> bad = cloud.submit(Renderer.SUSPICIOUS_FAILURES + 1, Lane.STANDARD, "fail");
            await().atMost(Cloud.PATIENCE).until(() -> cloud.allEnded(bad));
            RenderTask good = cloud.submit(Cloud.task(Lane.STANDARD, "good"));

            await().atMost(Cloud.PATIENCE).until(() -> cloud.outcome(good).isPresent());

            assertThat(cloud.outcome(good).orElseThrow()).isInstanceOf(Outcome.Picture.class);
            assertThat(worker.readiness().isAlive()).isTrue();
        }
    }
}
