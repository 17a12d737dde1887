package dev.thunderhead.render.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thunderhead.job.JobDescription;
import dev.thunderhead.job.Lane;
import dev.thunderhead.job.Outcome;
import dev.thunderhead.job.RenderEvent;
import dev.thunderhead.job.RenderTask;
import dev.thunderhead.job.TaskId;
import dev.thunderhead.render.ModelSettings;
import dev.thunderhead.storage.Outcomes;
import dev.thunderhead.wire.Json;
import dev.thunderhead.wire.Topic;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a renderer does between the steps of a bulk batch; each step takes a second of a clock of its own. */
@Timeout(20)
class RendererTest {
    private static final Duration STEP = Duration.ofSeconds(1);

    private final AtomicLong nanos = new AtomicLong();
    private final Clock clock = new SteppedClock(nanos);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final WorkMetrics metrics = new WorkMetrics(registry);
    private final MockProducer<String, byte[]> producer =
            new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer());
    private final Cancellations cancellations = new Cancellations(10);
    private final StopCheck stops = new StopCheck(cancellations, clock);
    /** What happens when a step has begun, by {@link SleepingPainter#steps}. */
    private final Map<String, Runnable> script = new HashMap<>();

    private final SleepingPainter painter = new SleepingPainter(STEP, this::pass);
    private final Studio studio;
    private final Intake intake;
    private final Renderer renderer;
    private final List<String> broken = new ArrayList<>();

    RendererTest() throws IOException {
        studio = Studio.open(List.of(painter), (raster, task, model) -> new byte[1], ModelSettings.previews());
        intake = new Intake(4, Duration.ZERO, studio.costs(), nanos::get);
        Attempts attempts = new Attempts(new MemoryStore());
        TaskIo io = new TaskIo(Runnable::run, attempts, Duration.ZERO, metrics);
        Outcomes outcomes = new Outcomes(new MemoryStore());
        Recorder recorder =
                new Recorder(outcomes, attempts, new Announcer(producer, "worker"), studio.files(), io, clock, metrics);
        Reception reception = new Reception(
                Map.of(SleepingPainter.MODEL.id(), SleepingPainter.MODEL),
                stops,
                intake,
                recorder,
                outcomes,
                attempts,
                new Retry(clock),
                io,
                metrics);
        ProgressReporter progress = new ProgressReporter(producer, studio, clock, metrics);
        renderer = new Renderer(
                studio, intake, stops, reception, recorder, progress, clock, nanos::get, metrics, broken::add);
    }

    @AfterEach
    void close() {
        studio.close();
    }

    @Test
    void anInteractivePictureIsPaintedBetweenTwoStepsOfABulkBatch() {
        Work interactive = work(Lane.INTERACTIVE, "urgent");
        script.put("bulk 1", () -> intake.offer(List.of(interactive)));
        Work bulk = work(Lane.BULK, "bulk");

        render(bulk);

        assertThat(steps())
                .containsExactly(
                        "bulk 0",
                        "bulk 1",
                        "urgent 0",
                        "urgent 1",
                        "urgent 2",
                        "urgent 3",
                        "urgent 4",
                        "bulk 2",
                        "bulk 3",
                        "bulk 4");
        assertThat(ended()).containsExactly(interactive.task().id(), bulk.task().id());
    }

    @Test
    void itIsPaintedBeforeTheDecodingAsWell() {
        script.put("bulk 3", () -> intake.offer(List.of(work(Lane.INTERACTIVE, "urgent"))));

        render(work(Lane.BULK, "bulk"));

        assertThat(steps()).containsSubsequence("bulk 3", "urgent 0", "urgent 4", "bulk 4");
    }

    @ParameterizedTest
    @EnumSource(names = {"INTERACTIVE", "STANDARD"})
    void onlyBulkBatchesAreInterrupted(Lane lane) {
        script.put("whole 1", () -> intake.offer(List.of(work(Lane.INTERACTIVE, "next"))));

        render(work(lane, "whole"));

        assertThat(steps()).containsSubsequence("whole 1", "whole 2", "whole 3", "whole 4", "next 0");
    }

    @Test
    void eachBatchAnswersForItsOwnTimeOnly() {
        Work bulk = work(Lane.BULK, "bulk", Duration.ZERO);
        Work interactive = work(Lane.INTERACTIVE, "urgent", STEP.multipliedBy(2));
        List<Duration> left = new ArrayList<>();
        script.put("bulk 1", () -> intake.offer(List.of(interactive)));
        script.put("bulk 2", () -> left.add(intake.delay(Lane.BULK)));
        nanos.addAndGet(STEP.toNanos());
        long start = nanos.get();

        render(bulk);

        assertThat(picture(bulk).timings().queue()).isEqualTo(1_000);
        assertThat(picture(interactive).timings().queue()).isEqualTo(1_000);
        assertThat(left).containsExactly(STEP.multipliedBy(3));
        assertThat(registry.counter("thunderhead.worker.renderer.busy.seconds").count())
                .isEqualTo((nanos.get() - start) / 1e9);
    }

    @Test
    void anInteractivePictureThatFailsLeavesTheBulkBatchAsItIs() {
        Work bad = work(Lane.INTERACTIVE, "fail");
        script.put("bulk 1", () -> intake.offer(List.of(bad)));
        Work bulk = work(Lane.BULK, "bulk");

        render(bulk);

        assertThat(outcome(bad)).isInstanceOf(Outcome.Failed.class);
        assertThat(painter.times("bulk")).isEqualTo(1);
        assertThat(outcome(bulk)).isInstanceOf(Outcome.Picture.class);
    }

    @Test
    void aBulkPictureThatFailsAfterwardsLeavesTheInteractiveOneAsItIs() {
        Work interactive = work(Lane.INTERACTIVE, "urgent");
        script.put("fail 1", () -> intake.offer(List.of(interactive)));
        Work bad = work(Lane.BULK, "fail");

        render(bad);

        assertThat(outcome(interactive)).isInstanceOf(Outcome.Picture.class);
        assertThat(painter.times("urgent")).isEqualTo(1);
        assertThat(outcome(bad)).isInstanceOf(Outcome.Failed.class);
    }

    @Test
    void aBulkTaskThatIsCalledOffMeanwhileTakesNoFurtherStep() {
        Work bulk = work(Lane.BULK, "bulk");
        script.put("bulk 1", () -> intake.offer(List.of(work(Lane.INTERACTIVE, "urgent"))));
        script.put("urgent 2", () -> cancellations.add(bulk.task().id().job()));

        render(bulk);

        assertThat(steps()).contains("urgent 4").doesNotContain("bulk 2");
        assertThat(outcome(bulk)).isInstanceOf(Outcome.Cancelled.class);
    }

    @Test
    void aDeviceThatBreaksBetweenStepsIsFoundOutThereAndTheRestIsGivenBack() {
        List<Work> urgent = new ArrayList<>();
        for (int i = 0; i < Renderer.SUSPICIOUS_FAILURES + 1; i++) {
            urgent.add(work(Lane.INTERACTIVE, "urgent"));
        }
        script.put("bulk 1", () -> {
            painter.breakDown();
            intake.offer(urgent);
        });
        Work bulk = work(Lane.BULK, "bulk");

        render(bulk);

        assertThat(broken).hasSize(1);
        assertThat(urgent.stream().map(work -> work.delivery().verdict().join()))
                .containsExactly(
                        AcknowledgeType.ACCEPT,
                        AcknowledgeType.ACCEPT,
                        AcknowledgeType.RELEASE,
                        AcknowledgeType.RELEASE);
    }

    /** Renders these, and whatever comes meanwhile. */
    private void render(Work... work) {
        intake.offer(List.of(work));
        Thread thread = new Thread(renderer, "renderer");
        thread.start();
        try {
            for (Work one : work) {
                one.delivery().verdict().join();
            }
            while (List.of(Lane.values()).stream().anyMatch(lane -> intake.size(lane) > 0)) {
                Thread.sleep(1);
            }
            intake.close();
            thread.join();
        } catch (InterruptedException interrupt) {
            throw new IllegalStateException(interrupt);
        }
    }

    private void pass(Duration time) {
        List<String> steps = painter.steps();
        Runnable scripted = script.remove(steps.get(steps.size() - 1));
        if (scripted != null) {
            scripted.run();
        }
        nanos.addAndGet(time.toNanos());
    }

    private List<String> steps() {
        return painter.steps().stream()
                .filter(step -> !step.startsWith("a red circle"))
                .toList();
    }

    /** Those that have ended, in order. */
    private List<TaskId> ended() {
        return events().map(RenderEvent::id).toList();
    }

    private Outcome outcome(Work work) {
        return events().filter(event -> event.id().equals(work.task().id()))
                .findFirst()
                .orElseThrow()
                .outcome();
    }

    private Outcome.Picture picture(Work work) {
        return (Outcome.Picture) outcome(work);
    }

    private Stream<RenderEvent> events() {
        return producer.history().stream()
                .filter(record -> record.topic().equals(Topic.EVENTS.topicName()))
                .map(record -> Json.read(record.value(), RenderEvent.class));
    }

    private Work work(Lane lane, String prompt) {
        return work(lane, prompt, Duration.ZERO);
    }

    /** @param from when it is created, from now on */
    private Work work(Lane lane, String prompt, Duration from) {
        RenderTask task = Cloud.task(lane, prompt);
        JobDescription job = new JobDescription(
                lane,
                task.model(),
                task.size(),
                task.steps(),
                task.format(),
                1,
                false,
                0,
                clock.instant().plus(from),
                Map.of(),
                Optional.empty());
        return new Work(
                new RenderTask(
                        task.id(),
                        task.account(),
                        job,
                        prompt,
                        task.seed(),
                        task.compression(),
                        false,
                        job.createdAt().plus(lane.deadline()),
                        task.outcomeKey(),
                        task.traceparent()),
                new Delivery(lane, new ConsumerRecord<>(Topic.of(lane).topicName(), 0, 0, "key", new byte[0])),
                false);
    }

    /** Real time does not pass. */
    private static final class SteppedClock extends Clock {
        private final AtomicLong nanos;
        private final Instant start = Instant.now();

        private SteppedClock(AtomicLong nanos) {
            this.nanos = nanos;
        }

        @Override
        public Instant instant() {
            return start.plusNanos(nanos.get());
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    }
}
