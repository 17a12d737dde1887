package dev.thunderhead.frontend.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thunderhead.frontend.catalog.ModelCatalog;
import dev.thunderhead.frontend.request.GenerationRequestParser;
import dev.thunderhead.frontend.request.HttpsAlone;
import dev.thunderhead.job.Account;
import dev.thunderhead.job.Cancellation;
import dev.thunderhead.job.Lane;
import dev.thunderhead.job.Outcome;
import dev.thunderhead.job.RenderEvent;
import dev.thunderhead.job.RenderTask;
import dev.thunderhead.model.ImageSize;
import dev.thunderhead.model.ModelDescriptor;
import dev.thunderhead.storage.ObjectKeys;
import dev.thunderhead.storage.Outcomes;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class JobSubmitterTest {
    private static final ModelDescriptor MODEL = new ModelDescriptor(
            "tiny",
            "build",
            "Apache-2.0",
            1,
            "us",
            new ImageSize(256, 256),
            new ModelDescriptor.Sizes(128, 1024, 64),
            List.of(new ModelDescriptor.Unet("unet", List.of(4), ModelDescriptor.PredictionType.EPSILON)),
            4,
            Optional.empty());
    private static final ObjectKeys KEYS = new ObjectKeys("a secret of at least thirty-two characters");

    private final Outcomes outcomes = new Outcomes(new MemoryStore());
    private final FakePublisher publisher = new FakePublisher();
    private final JobSubmitter submitter = new JobSubmitter(
            publisher, new JobCanceller(outcomes, KEYS, publisher, Clock.systemUTC()), KEYS, Runnable::run);

    /** Remembers what was published, and refuses to acknowledge one task. */
    private static final class FakePublisher implements Publisher {
        private final List<RenderTask> tasks = new ArrayList<>();
        private final List<RenderEvent> events = new ArrayList<>();
        private final List<Cancellation> cancellations = new ArrayList<>();
        private int unacknowledged = -1;

        @Override
        public CompletableFuture<Void> publish(RenderTask task) {
            tasks.add(task);
            return task.id().index() == unacknowledged
                    ? CompletableFuture.failedFuture(new java.util.concurrent.TimeoutException("no answer"))
                    : CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletableFuture<Void> publish(RenderEvent event) {
            events.add(event);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletableFuture<Void> publish(Cancellation cancellation) {
            cancellations.add(cancellation);
            return CompletableFuture.completedFuture(null);
        }
    }

    private static Job job() {
        byte[] body = "{\"prompt\": \"x\", \"n\": 3, \"seed\": 5}".getBytes(StandardCharsets.UTF_8);
        return new JobFactory(Clock.systemUTC(), new Random(1), Duration.ofSeconds(60))
                .create(
                        new Account("acme"),
                        Lane.INTERACTIVE,
                        new GenerationRequestParser(new ModelCatalog(List.of(MODEL), Map.of()), new HttpsAlone())
                                .parse(body),
                        TraceContext.continueOrStart(null, new Random(2)));
    }

    @Test
    void everyPictureIsATaskOfItsOwn() {
        Job job = job();
        assertThat(submitter.submit(job).join()).isEqualTo(new Submission.Accepted());

        assertThat(publisher.tasks).extracting(RenderTask::seed).containsExactly(5L, 6L, 7L);
        assertThat(publisher.tasks).allSatisfy(task -> {
            assertThat(task.outcomeKey()).isEqualTo(KEYS.outcome(task.account(), task.id()));
            assertThat(task.deadline()).isEqualTo(task.createdAt().plusSeconds(60));
            assertThat(task.traceparent()).isEqualTo(job.trace().traceparent());
        });
        assertThat(publisher.cancellations).isEmpty();
    }

    @Test
    void oneTaskOfUnclearFateCallsOffTheWholeJob() throws Exception {
        publisher.unacknowledged = 1;
        Job job = job();
        assertThat(submitter.submit(job).join()).isEqualTo(new Submission.CalledOff());

        for (RenderTask task : job.tasks(KEYS)) {
            assertThat(outcomes.find(task.outcomeKey()).orElseThrow()).isInstanceOf(Outcome.Cancelled.class);
        }
        assertThat(publisher.cancellations).containsExactly(new Cancellation(job.id()));
        assertThat(publisher.events)
                .hasSize(3)
                .allSatisfy(event -> assertThat(event.outcome()).isInstanceOf(Outcome.Cancelled.class));
    }

    @Test
    void whatStandsAlreadyIsReported() throws Exception {
        publisher.unacknowledged = 1;
        Job job = job();
        Outcome.Failed stands =
                new Outcome.Failed(dev.thunderhead.job.FailureCode.RENDER_FAILED, "quick", java.time.Instant.EPOCH);
        outcomes.record(job.tasks(KEYS).get(0).outcomeKey(), stands);
        submitter.submit(job).join();

        assertThat(publisher.events.get(0).outcome()).isEqualTo(stands);
    }
}
