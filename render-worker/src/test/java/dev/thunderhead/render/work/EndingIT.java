package dev.thunderhead.render.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thunderhead.job.Cancellation;
import dev.thunderhead.job.FailureCode;
import dev.thunderhead.job.Lane;
import dev.thunderhead.job.Outcome;
import dev.thunderhead.job.RenderTask;
import dev.thunderhead.kafka.TaskRecords;
import dev.thunderhead.model.ImageSize;
import dev.thunderhead.wire.TaskEnvelope;
import dev.thunderhead.wire.Topic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every way in which a task ends at a worker that is well. */
@Timeout(60)
@TestInstance(Lifecycle.PER_CLASS)
@ExtendWith(SharedCloud.class)
class EndingIT {
    private static final ImageSize SMALL = new ImageSize(64, 64);

    private final Cloud cloud;
    private TestWorker worker;

    EndingIT(Cloud cloud) {
        this.cloud = cloud;
    }

    @BeforeAll
    void start() throws IOException {
        worker = TestWorker.start(cloud);
    }

    @AfterAll
    void stop() {
        worker.close();
    }

    @Test
    void aPictureStandsWithAllThatIsKnownAboutItAndItsEventRepeatsIt() throws IOException {
        RenderTask task = cloud.submit(Cloud.task(Lane.INTERACTIVE, "a picture"));

        Outcome.Picture picture = (Outcome.Picture) end(task);

        assertThat(picture.seed()).isEqualTo(task.seed());
        assertThat(picture.size()).isEqualTo(SMALL);
        assertThat(picture.model()).isEqualTo("sleepy");
        assertThat(picture.timings().steps()).hasSize(4).allMatch(step -> step > 0);
        assertThat(picture.timings().queue()).isPositive();
        assertThat(picture.batch()).isEqualTo(1);
        assertThat(cloud.store().get(task.outcomeKey()).orElseThrow()).hasSize((int) picture.bytes());
        assertThat(cloud.events(task)).hasSize(1).first().satisfies(event -> {
            assertThat(event.outcome()).isEqualTo(picture);
            assertThat(event.traceparent()).isEqualTo(task.traceparent());
        });
    }

    @Test
    void aRecordOfANewerSchemaEndsVisiblyAndIsPutAside() {
        RenderTask task = Cloud.task(Lane.INTERACTIVE, "from the future");
        ProducerRecord<String, byte[]> record = TaskRecords.of(task);
        record.headers()
                .remove(TaskEnvelope.SCHEMA_HEADER)
                .add(TaskEnvelope.SCHEMA_HEADER, "99".getBytes(StandardCharsets.UTF_8));
        cloud.produce(record);
        RenderTask next = cloud.submit(Cloud.task(Lane.INTERACTIVE, "the queue moves on"));

        assertFailed(task, FailureCode.UNSUPPORTED_SCHEMA);
        assertThat(end(next)).isInstanceOf(Outcome.Picture.class);
        ConsumerRecord<String, byte[]> letter = deadLetter(task);
        assertThat(letter.value()).isEqualTo(record.value());
        assertThat(header(letter, "dead-letter-code")).isEqualTo("unsupported_schema");
        assertThat(header(letter, "dead-letter-source")).startsWith("tasks.interactive/0/");
        assertThat(header(letter, "account")).isEqualTo("tester");
    }

    @Test
    void aRecordThatIsNoTaskEndsVisiblyAndIsPutAside() {
        RenderTask task = Cloud.task(Lane.INTERACTIVE, "damaged");
        ProducerRecord<String, byte[]> whole = TaskRecords.of(task);
        cloud.produce(new ProducerRecord<>(
                whole.topic(), null, whole.key(), "{\"id\":".getBytes(StandardCharsets.UTF_8), whole.headers()));

        assertFailed(task, FailureCode.MALFORMED_TASK);
        assertThat(header(deadLetter(task), "dead-letter-code")).isEqualTo("malformed_task");
    }

    @Test
    void aRecordThatTellsNothingIsPutAsideAndTheQueueMovesOn() {
        String key = "nobody";
        cloud.produce(new ProducerRecord<>(Topic.TASKS_INTERACTIVE.topicName(), key, new byte[] {1, 2, 3}));
        RenderTask next = cloud.submit(Cloud.task(Lane.INTERACTIVE, "the queue moves on"));

        assertThat(end(next)).isInstanceOf(Outcome.Picture.class);
        await().atMost(Cloud.PATIENCE)
                .until(() -> cloud.records(Topic.DEAD_LETTERS).stream().anyMatch(letter -> key.equals(letter.key())));
    }

    @Test
    void aRecordThatFillsADeadLetterLeavesANoteAndTheQueueMovesOn() {
        String key = "large";
        // Just as large as the producer lets through; a dead letter's headers would be too much.
        byte[] value = new byte[1_048_400];
        cloud.produce(new ProducerRecord<>(Topic.TASKS_INTERACTIVE.topicName(), key, value));
        RenderTask next = cloud.submit(Cloud.task(Lane.INTERACTIVE, "the queue moves on"));

        assertThat(end(next)).isInstanceOf(Outcome.Picture.class);
        await().atMost(Cloud.PATIENCE)
                .until(() -> cloud.records(Topic.DEAD_LETTERS).stream().anyMatch(letter -> key.equals(letter.key())));
        ConsumerRecord<String, byte[]> note = cloud.records(Topic.DEAD_LETTERS).stream()
                .filter(letter -> key.equals(letter.key()))
                .findFirst()
                .orElseThrow();
        assertThat(note.value()).isNull();
        assertThat(header(note, "dead-letter-source")).startsWith("tasks.interactive/0/");
    }

    @Test
    void aTaskOfAnotherModelFails() {
        RenderTask task = Cloud.task(Lane.INTERACTIVE, "who am I");
        RenderTask foreign = new RenderTask(
                task.id(),
                task.account(),
                Cloud.job(task.lane(), "another-model", task.steps(), task.size(), task.format()),
                task.prompt(),
                task.seed(),
                task.compression(),
                false,
                task.deadline(),
                task.outcomeKey(),
                task.traceparent());
        cloud.submit(foreign);

        assertFailed(foreign, FailureCode.MODEL_UNAVAILABLE);
    }

    @Test
    void aStepCountThatTheModelLacksFailsWithoutARender() {
        RenderTask task = cloud.submit(Cloud.task(Lane.INTERACTIVE, "three steps", 3, SMALL));

        assertFailed(task, FailureCode.MODEL_UNAVAILABLE);
        assertThat(worker.painter().times("three steps")).isZero();
    }

    @Test
    void aTaskWhoseDeadlineHasPassedIsNotRendered() {
        RenderTask task = cloud.submit(Cloud.task(Lane.INTERACTIVE, "too late", 4, SMALL, Duration.ofMillis(-1)));

        assertFailed(task, FailureCode.DEADLINE_EXCEEDED);
        assertThat(worker.painter().times("too late")).isZero();
    }

    @Test
    void aTaskWhoseDeadlinePassesBetweenStepsIsStopped() {
        RenderTask task =
                cloud.submit(Cloud.task(Lane.BULK, "runs late", 32, new ImageSize(256, 256), Duration.ofSeconds(2)));

        assertFailed(task, FailureCode.DEADLINE_EXCEEDED);
    }

    @Test
    void aSpoiledPictureIsNeverDelivered() {
        assertFailed(cloud.submit(Cloud.task(Lane.INTERACTIVE, "spoil")), FailureCode.SPOILED_PICTURE);
    }

    @Test
    void aTaskThatFailsToRenderIsTriedOnceMore() {
        RenderTask task = cloud.submit(Cloud.task(Lane.INTERACTIVE, "fail"));

        assertFailed(task, FailureCode.RENDER_FAILED);
        assertThat(worker.painter().times("fail")).isEqualTo(2);
    }

    @Test
    void aFailingBatchIsRenderedOneByOne() {
        List<RenderTask> tasks = cloud.submit(4, Lane.STANDARD, "fail in company");

        tasks.forEach(task -> assertThat(end(task)).isInstanceOf(Outcome.Picture.class));
    }

    @Test
    void aTaskThatIsCancelledBetweenStepsIsStopped() throws IOException {
        RenderTask task = cloud.submit(Cloud.task(Lane.BULK, "called off", 32, new ImageSize(256, 256)));
        await().atMost(Cloud.PATIENCE).until(() -> worker.painter().times("called off") == 1);
        Outcome.Cancelled cancelled = new Outcome.Cancelled("the caller has hung up", Instant.now());
        cloud.outcomes().record(task.outcomeKey(), cancelled);
        cloud.produce(TaskRecords.of(new Cancellation(task.id().job())));

        assertThat(end(task)).isEqualTo(cloud.outcomes().find(task.outcomeKey()).orElseThrow());
        assertThat(end(task)).isInstanceOf(Outcome.Cancelled.class);
        assertThat(worker.painter().stopped("called off")).isTrue();
    }

    @Test
    void aTaskThatIsCalledOffBeforeItsTurnIsNeverRendered() throws IOException {
        RenderTask busy = cloud.submit(Cloud.task(Lane.INTERACTIVE, "takes a while", 32, new ImageSize(256, 256)));
        await().atMost(Cloud.PATIENCE).until(() -> worker.painter().times("takes a while") == 1);
        List<RenderTask> job = Cloud.job(3, Lane.INTERACTIVE, "called off in time", 4);
        job.forEach(cloud::submit);
        cloud.produce(TaskRecords.of(new Cancellation(job.get(0).id().job())));

        job.forEach(task -> assertThat(end(task)).isInstanceOf(Outcome.Cancelled.class));
        assertThat(worker.painter().times("called off in time")).isZero();
        assertThat(end(busy)).isInstanceOf(Outcome.Picture.class);
    }

    private void assertFailed(RenderTask task, FailureCode code) {
        assertThat(end(task)).isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
            assertThat(failed.code()).isEqualTo(code);
            assertThat(failed.message()).isNotBlank();
        });
    }

    private Outcome end(RenderTask task) {
        await().atMost(Cloud.PATIENCE).until(() -> cloud.outcome(task).isPresent());
        return cloud.outcome(task).orElseThrow();
    }

    private ConsumerRecord<String, byte[]> deadLetter(RenderTask task) {
        return cloud.records(Topic.DEAD_LETTERS).stream()
                .filter(letter -> letter.key().equals(task.id().job().value()))
                .findFirst()
                .orElseThrow();
    }

    private static String header(ConsumerRecord<String, byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
