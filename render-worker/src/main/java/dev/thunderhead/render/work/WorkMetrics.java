package dev.thunderhead.render.work;

import dev.thunderhead.job.FailureCode;
import dev.thunderhead.job.Lane;
import dev.thunderhead.job.Outcome;
import dev.thunderhead.render.pipeline.Timings;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/** What a worker measures. Nothing here holds a prompt. Thread-safe. */
public final class WorkMetrics {
    /** The parts of a picture's way; text, step and decode are measured once a batch. */
    enum Stage {
        QUEUE,
        TEXT,
        STEP,
        DECODE,
        ENCODE,
        UPLOAD,
        PUBLISH
    }

    private static final Duration[] BUCKETS = {
        Duration.ofMillis(2),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(20),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(200),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(2),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofMinutes(2),
        Duration.ofMinutes(10),
        Duration.ofHours(1)
    };

    private final MeterRegistry registry;
    private final Map<Lane, AtomicInteger> held = new EnumMap<>(Lane.class);

    public WorkMetrics(MeterRegistry registry) {
        this.registry = registry;
        for (Lane lane : Lane.values()) {
            AtomicInteger count = new AtomicInteger();
            held.put(lane, count);
            Gauge.builder("thunderhead.worker.tasks.held", count, AtomicInteger::get)
                    .description("Tasks that are claimed and have not ended")
                    .tag("lane", tag(lane))
                    .register(registry);
        }
    }

    /** The claims of the lane hold {@code change} more tasks. */
    void held(Lane lane, int change) {
        Objects.requireNonNull(held.get(lane)).addAndGet(change);
    }

    /** An acknowledgement failed, or its consumer did: another worker may have the task by now. */
    void abandoned(Lane lane) {
        count("thunderhead.worker.tasks.abandoned", "Tasks that were lost to another worker", "lane", tag(lane));
    }

    void redelivered(Lane lane) {
        count("thunderhead.worker.tasks.redelivered", "Tasks that had been delivered before", "lane", tag(lane));
    }

    void deadLetter(FailureCode code) {
        count("thunderhead.worker.dead.letters", "Task records put aside", "code", tag(code));
    }

    /** Word of a task's progress did not get out. */
    void progressDropped() {
        registry.counter("thunderhead.worker.progress.dropped").increment();
    }

    void ioError() {
        registry.counter("thunderhead.worker.io.errors").increment();
    }

    void renderError() {
        registry.counter("thunderhead.worker.render.errors").increment();
    }

    /** The task's end is known to all; {@code outcome} is what stands. */
    void ended(Lane lane, Outcome outcome) {
        String kind = outcome.getClass().getSimpleName().toLowerCase(Locale.ROOT);
        registry.counter("thunderhead.worker.tasks.ended", "lane", tag(lane), "outcome", kind)
                .increment();
        if (outcome instanceof Outcome.Failed failed) {
            count("thunderhead.worker.failures", "Tasks that failed", "code", tag(failed.code()));
        }
    }

    /** From submission to the start of its batch. */
    void queued(Lane lane, Duration time) {
        stage(Stage.QUEUE, tag(lane)).record(time);
    }

    void rendered(Lane lane, int pictures, Timings timings) {
        DistributionSummary.builder("thunderhead.worker.batch.pictures")
                .description("Pictures rendered together")
                .serviceLevelObjectives(1, 2, 3, 4, 6, 8, 12, 16, 32, 64)
                .tag("lane", tag(lane))
                .register(registry)
                .record(pictures);
        stage(Stage.TEXT, tag(lane)).record(timings.text());
        timings.steps().forEach(stage(Stage.STEP, tag(lane))::record);
        stage(Stage.DECODE, tag(lane)).record(timings.decode());
    }

    /** The device was in use; its rate is the fraction of time that the renderer is busy. */
    void busy(Duration time) {
        registry.counter("thunderhead.worker.renderer.busy.seconds").increment(time.toNanos() / 1e9);
    }

    /** Measures an attempt that succeeds. */
    <T> T timed(Stage stage, Lane lane, Retry.Attempt<T> attempt) throws IOException, InterruptedException {
        long start = System.nanoTime();
        T result = attempt.run();
        stage(stage, lane).record(Duration.ofNanos(System.nanoTime() - start));
        return result;
    }

    Timer stage(Stage stage, Lane lane) {
        return stage(stage, tag(lane));
    }

    private Timer stage(Stage stage, String lane) {
        return Timer.builder("thunderhead.worker.stage")
                .description("Where the time of pictures goes")
                .serviceLevelObjectives(BUCKETS)
                .tag("stage", tag(stage))
                .tag("lane", lane)
                .register(registry);
    }

    private void count(String name, String description, String tag, String value) {
        Counter.builder(name)
                .description(description)
                .tag(tag, value)
                .register(registry)
                .increment();
    }

    private static String tag(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
