package dev.thunderhead.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thunderhead.frontend.job.JobState;
import dev.thunderhead.frontend.job.JobState.TaskState;
import dev.thunderhead.frontend.job.News;
import dev.thunderhead.frontend.queue.KafkaPublisher;
import dev.thunderhead.frontend.queue.OpenTasks;
import dev.thunderhead.frontend.queue.TaskTail;
import dev.thunderhead.health.Readiness;
import dev.thunderhead.job.Account;
import dev.thunderhead.job.JobDescription;
import dev.thunderhead.job.JobId;
import dev.thunderhead.job.Lane;
import dev.thunderhead.job.OutputFormat;
import dev.thunderhead.job.RenderEvent;
import dev.thunderhead.job.RenderProgress;
import dev.thunderhead.job.RenderTask;
import dev.thunderhead.job.TaskId;
import dev.thunderhead.kafka.TaskRecords;
import dev.thunderhead.kafka.TopicSetup;
import dev.thunderhead.model.ImageSize;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What two frontends know of what either of them, or a worker, wrote to the journal. */
class TailIT {
    private static final Random RANDOM = new Random(5);

    @TempDir
    static Path data;

    private static Backing backing;

    @BeforeAll
    static void start() throws Exception {
        backing = new Backing(data);
        new TopicSetup(backing.kafka()).ensureTopics();
    }

    @AfterAll
    static void stop() {
        backing.close();
    }

    /** What a frontend has for reading the journal. */
    private static final class Reader implements AutoCloseable {
        private final List<News> heard = new CopyOnWriteArrayList<>();
        private final List<Optional<JobState>> seen = new CopyOnWriteArrayList<>();
        private final Readiness readiness = new Readiness();
        private final TaskTail tail;

        Reader() {
            this.tail = new TaskTail(backing.kafka(), new OpenTasks(System::nanoTime), this::hear, () -> {}, readiness);
            tail.start();
            await().atMost(Duration.ofSeconds(30)).until(readiness::isReady);
        }

        private void hear(News news) {
            heard.add(news);
            seen.add(tail.find(news.job()));
        }

        @Override
        public void close() {
            tail.close();
        }
    }

    static RenderTask task(JobId job, int index, int count) {
        TaskId id = new TaskId(job, index);
        return new RenderTask(
                id,
                new Account("acme"),
                new JobDescription(
                        Lane.STANDARD,
                        "tiny-lightning",
                        new ImageSize(256, 256),
                        4,
                        OutputFormat.PNG,
                        count,
                        false,
                        0,
                        Instant.now(),
                        Map.of(),
                        Optional.empty()),
                "a picture",
                index,
                100,
                false,
                Instant.now().plus(Duration.ofHours(1)),
                "tasks/acme/" + job + "/" + index + "-00000000000000000000000000000000",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00");
    }

    static RenderEvent end(RenderTask task) {
        return new RenderEvent(
                task.id(),
                task.account(),
                Optional.of(task.job()),
                task.outcomeKey(),
                FakeWorker.picture(task),
                task.traceparent());
    }

    private static void caughtUp(Reader reader) throws Exception {
        reader.tail.caughtUp().get(10, TimeUnit.SECONDS);
    }

    @Test
    void whatOneFrontendWroteAnotherKnowsInTheSameMoment() throws Exception {
        try (KafkaPublisher publisher = new KafkaPublisher(backing.kafka(), Duration.ofSeconds(10));
                Reader other = new Reader()) {
            for (int i = 0; i < 200; i++) {
                RenderTask task = task(JobId.create(Instant.now(), RANDOM), 0, 1);
                publisher.publish(task).join();
                caughtUp(other);
                assertThat(other.tail.find(task.id().job())).as("job %d", i).isPresent();

                publisher.publish(end(task)).join();
                caughtUp(other);
                assertThat(other.tail.find(task.id().job()).orElseThrow().isFinished())
                        .isTrue();
            }
        }
    }

    @Test
    void manyMayAskWhileOthersWriteAndEachSeesItsOwn() throws Exception {
        try (KafkaPublisher publisher = new KafkaPublisher(backing.kafka(), Duration.ofSeconds(10));
                Reader other = new Reader()) {
            List<CompletableFuture<Optional<JobState>>> answers = new CopyOnWriteArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                RenderTask task = task(JobId.create(Instant.now(), RANDOM), 0, 1);
                answers.add(publisher
                        .publish(task)
                        .thenCompose(done -> other.tail.caughtUp())
                        .thenApply(done -> other.tail.find(task.id().job())));
            }
            for (CompletableFuture<Optional<JobState>> answer : answers) {
                assertThat(answer.get(30, TimeUnit.SECONDS)).isPresent();
            }
        }
    }

    @Test
    void progressIsKnownBeforeItIsToldAndItsPreviewsArePassedOn() throws Exception {
        RenderTask task = task(JobId.create(Instant.now(), RANDOM), 0, 1);
        Instant begun = Instant.now();
        RenderProgress early = new RenderProgress.Started(task.id(), begun.minusSeconds(1));
        RenderProgress started = new RenderProgress.Started(task.id(), begun);
        RenderProgress step = new RenderProgress.StepDone(
                task.id(), begun, 2, 4, Optional.of(new RenderProgress.Preview(0, new byte[] {1, 2, 3})));
        try (KafkaProducer<String, byte[]> producer = backing.kafka().producer(10_000)) {
            producer.send(TaskRecords.of(task)).get();
            // What was said before anybody listened is not said again.
            producer.send(TaskRecords.of(early)).get();
            try (Reader reader = new Reader()) {
                producer.send(TaskRecords.of(started)).get();
                producer.send(TaskRecords.of(step)).get();
                await().atMost(Duration.ofSeconds(10)).until(() -> reader.heard.size() == 2);

                assertThat(((News.Progressed) reader.heard.get(0)).progress()).isEqualTo(started);
                News.Progressed second = (News.Progressed) reader.heard.get(1);
                assertThat(((RenderProgress.StepDone) second.progress())
                                .preview()
                                .orElseThrow()
                                .jpeg())
                        .containsExactly(1, 2, 3);
                assertThat(reader.seen.get(1).orElseThrow().tasks())
                        .containsExactly(new TaskState.Running(begun, 2, 4));

                producer.send(TaskRecords.of(end(task))).get();
                await().atMost(Duration.ofSeconds(10)).until(() -> reader.heard.size() == 3);
                assertThat(reader.seen.get(2).orElseThrow().isFinished()).isTrue();
            }
        }
    }

    @Test
    void whoAsksWhileKafkaIsAwayIsNotKeptWaitingForEver() throws Exception {
        try (Backing other = new Backing(data.resolve("other"))) {
            new TopicSetup(other.kafka()).ensureTopics();
            Readiness readiness = new Readiness();
            try (TaskTail tail =
                    new TaskTail(other.kafka(), new OpenTasks(System::nanoTime), news -> {}, () -> {}, readiness)) {
                tail.start();
                await().atMost(Duration.ofSeconds(30)).until(readiness::isReady);
                Backing.ThrowingRunnable startAgain = other.stopBroker();
                assertThat(tail.caughtUp()).failsWithin(Duration.ofSeconds(20));
                startAgain.run();
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> tail.caughtUp()
                                .handle((done, problem) -> problem == null)
                                .get(20, TimeUnit.SECONDS));
            }
        }
    }
}
