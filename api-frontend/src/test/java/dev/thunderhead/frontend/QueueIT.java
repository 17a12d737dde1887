package dev.thunderhead.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thunderhead.job.FailureCode;
import dev.thunderhead.job.JobId;
import dev.thunderhead.job.JobRecord;
import dev.thunderhead.job.JobStatus;
import dev.thunderhead.job.Outcome;
import dev.thunderhead.job.RenderTask;
import dev.thunderhead.kafka.TaskRecords;
import dev.thunderhead.storage.ObjectKeys;
import dev.thunderhead.storage.Outcomes;
import dev.thunderhead.wire.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of requests when parts of the system are away. */
@SuppressWarnings("try")
class QueueIT {
    private static final String OPEN = "thunderhead_tasks_open{lane=\"interactive\"}";
    private static final CallSettings IMPATIENT = new CallSettings(
            Duration.ofMillis(1500),
            Duration.ofMillis(500),
            Duration.ofSeconds(60),
            Duration.ofSeconds(2),
            Duration.ofSeconds(2),
            Duration.ofSeconds(1));
    private static final CallSettings PICKY = new CallSettings(
            Duration.ofSeconds(30),
            Duration.ofSeconds(1),
            Duration.ofMillis(500),
            Duration.ofSeconds(2),
            Duration.ofSeconds(2),
            Duration.ofMillis(100));

    @TempDir
    static Path data;

    private static Backing backing;

    @BeforeAll
    static void start() throws Exception {
        backing = new Backing(data);
    }

    @AfterAll
    static void stop() {
        backing.close();
    }

    private static void awaitOpen(Frontend frontend, double tasks) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(Backing.metric(frontend, OPEN)).isEqualTo(tasks));
    }

    @Test
    void aRequestEndsAlsoWhenNoWorkerLivesAndItsFrontendsPeerHasLeft() throws Exception {
        try (Frontend one = backing.frontend(IMPATIENT);
                Frontend other = backing.frontend(IMPATIENT)) {
            other.close();
            Client.Answer answer = backing.client(one).generate("{\"prompt\": \"x\", \"n\": 2}");

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.error().get("code").asText()).isEqualTo("deadline_exceeded");
            assertThat(answer.header("retry-after")).isEqualTo("5");
            List<String> keys = backing.store.list("tasks/acme/" + answer.header("x-thunderhead-job") + "/");
            assertThat(keys).hasSize(2);
            for (String key : keys) {
                assertThat(new Outcomes(backing.store).find(key).orElseThrow()).isInstanceOf(Outcome.Failed.class);
            }
            awaitOpen(one, 0);
        }
    }

    @Test
    void whoWouldWaitTooLongIsToldToComeBack() throws Exception {
        try (Frontend frontend = backing.frontend(PICKY)) {
            Client client = backing.client(frontend);
            CompletableFuture<Client.Answer> first = client.generateLater("{\"prompt\": \"x\"}");
            awaitOpen(frontend, 1);
            Thread.sleep(700);

            Client.Answer second = client.generate("{\"prompt\": \"y\"}");
            assertThat(second.status()).isEqualTo(503);
            assertThat(second.error().get("type").asText()).isEqualTo("service_unavailable");
            assertThat(second.error().get("code").asText()).isEqualTo("overloaded");
            assertThat(Integer.parseInt(second.header("retry-after"))).isBetween(1, 60);
            assertThat(Backing.metric(frontend, "thunderhead_admission_refused_total{reason=\"overloaded\"}"))
                    .isEqualTo(1);
            try (FakeWorker worker = FakeWorker.painting(backing)) {
                assertThat(first.get(20, TimeUnit.SECONDS).status()).isEqualTo(200);
            }
            awaitOpen(frontend, 0);
        }
    }

    @Test
    void aJobOfWhichATaskWasNeverQueuedEndsVisibly() throws Exception {
        try (Frontend frontend = backing.frontend(IMPATIENT)) {
            RenderTask sample = TailIT.task(JobId.create(Instant.now(), new Random()), 0, 2);
            RenderTask only = new RenderTask(
                    sample.id(),
                    sample.account(),
                    sample.job(),
                    sample.prompt(),
                    sample.seed(),
                    sample.compression(),
                    false,
                    sample.deadline(),
                    backing.objectKeys.outcome(sample.account(), sample.id()),
                    sample.traceparent());
            try (KafkaProducer<String, byte[]> producer = backing.kafka().producer(10_000);
                    FakeWorker worker = FakeWorker.painting(backing)) {
                producer.send(TaskRecords.of(only)).get();
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> backing.store
                                .get(ObjectKeys.job(only.account(), only.id().job()))
                                .isPresent());
            }
            JobRecord.Finished record = (JobRecord.Finished) Json.read(
                    backing.store
                            .get(ObjectKeys.job(only.account(), only.id().job()))
                            .orElseThrow(),
                    JobRecord.class);
            assertThat(record.status()).isEqualTo(JobStatus.FAILED);
            assertThat(record.outcomes().get(0)).isInstanceOf(Outcome.Picture.class);
            assertThat(((Outcome.Failed) record.outcomes().get(1)).code()).isEqualTo(FailureCode.TASK_LOST);
        }
    }

    @Test
    void everyFrontendHearsWhatHappensToAllRequests() throws Exception {
        try (Frontend one = backing.frontend(Backing.CALLS);
                Frontend other = backing.frontend(Backing.CALLS)) {
            CompletableFuture<Client.Answer> first = backing.client(one).generateLater("{\"prompt\": \"x\", \"n\": 2}");
            CompletableFuture<Client.Answer> second =
                    backing.client(other).generateLater("{\"prompt\": \"y\", \"n\": 3}");
            awaitOpen(one, 5);
            awaitOpen(other, 5);
            try (FakeWorker worker = FakeWorker.painting(backing)) {
                assertThat(first.get(20, TimeUnit.SECONDS).json().get("data")).hasSize(2);
                assertThat(second.get(20, TimeUnit.SECONDS).json().get("data")).hasSize(3);
            }
            awaitOpen(one, 0);
            awaitOpen(other, 0);
            String url = first.get().json().at("/data/0/url").asText();
            assertThat(Client.fetch(url.replace(":" + one.port(), ":" + other.port()))
                            .status())
                    .isEqualTo(302);
        }
    }

    @Test
    void aFrontendThatStartsKnowsWhatIsOpen() throws Exception {
        try (Frontend old = backing.frontend(PICKY)) {
            CompletableFuture<Client.Answer> unanswered =
                    backing.client(old).generateLater("{\"prompt\": \"x\", \"n\": 4}");
            awaitOpen(old, 4);
            old.close();
            assertThat(unanswered).failsWithin(Duration.ofSeconds(5));
        }
        try (Frontend fresh = backing.frontend(Backing.CALLS)) {
            assertThat(Backing.metric(fresh, OPEN)).isEqualTo(4);
            try (FakeWorker worker = FakeWorker.painting(backing)) {
                awaitOpen(fresh, 0);
            }
        }
    }

    @Test
    void aRequestOfUnclearFateIsCalledOffBeforeTheClientTriesAgain() throws Exception {
        try (Frontend frontend = backing.frontend(IMPATIENT)) {
            Backing.ThrowingRunnable startAgain = backing.stopBroker();
            Client.Answer answer;
            try {
                answer = backing.client(frontend).generate("{\"prompt\": \"x\", \"n\": 2}");
            } finally {
                startAgain.run();
            }

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.error().get("code").asText()).isEqualTo("queue_unavailable");
            List<String> keys = backing.store.list("tasks/acme/" + answer.header("x-thunderhead-job") + "/");
            assertThat(keys).hasSize(2);
            for (String key : keys) {
                assertThat(new Outcomes(backing.store).find(key).orElseThrow()).isInstanceOf(Outcome.Cancelled.class);
            }
            try (FakeWorker worker = FakeWorker.painting(backing)) {
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> backing.client(frontend)
                                        .generate("{\"prompt\": \"y\"}")
                                        .status()
                                == 200);
            }
            assertThat(frontend.readiness().isAlive()).isTrue();
        }
    }
}
