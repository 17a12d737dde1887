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

/** A worker outlives its broker. */
@Timeout(120)
class BrokerRestartIT {
    @Test
    void claimsRecoverWhenKafkaWasAway() throws IOException {
        try (Cloud cloud = Cloud.start();
                TestWorker worker = TestWorker.start(cloud)) {
            List<RenderTask> before = cloud.submit(2, Lane.INTERACTIVE, "before");
            await().atMost(Cloud.PATIENCE).until(() -> cloud.allEnded(before));

            cloud.restartBroker();
            List<RenderTask> after = cloud.submit(2, Lane.INTERACTIVE, "after");

            await().atMost(Cloud.PATIENCE).until(() -> cloud.allEnded(after));
            after.forEach(task -> assertThat(cloud.outcome(task).orElseThrow()).isInstanceOf(Outcome.Picture.class));
            assertThat(worker.readiness().isAlive()).isTrue();
        }
    }
}
