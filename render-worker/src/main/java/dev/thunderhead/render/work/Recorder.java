package dev.thunderhead.render.work;

import dev.thunderhead.job.FailureCode;
import dev.thunderhead.job.Outcome;
import dev.thunderhead.job.RenderEvent;
import dev.thunderhead.job.RenderTask;
import dev.thunderhead.job.StageTimings;
import dev.thunderhead.model.ModelDescriptor;
import dev.thunderhead.render.pipeline.Raster;
import dev.thunderhead.storage.Outcomes;
import dev.thunderhead.wire.TaskEnvelope;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends tasks: encodes the picture, records the outcome, announces what stands, and only then lets go of the delivery.
 * All of it happens on threads of its own, while the device renders the next batch. What cannot be recorded or announced
 * is tried again for as long as it may help, and then given back; nothing is lost. Thread-safe.
 */
final class Recorder {
    private static final Logger LOG = LoggerFactory.getLogger(Recorder.class);

    /** How long after a task's deadline its end is still tried to be recorded, before another worker shall try. */
    private static final Duration SLACK = Duration.ofMinutes(2);

    private final Outcomes outcomes;
    private final Attempts attempts;
    private final Announcer announcer;
    private final PictureFiles files;
    private final TaskIo io;
    private final Clock clock;
    private final WorkMetrics metrics;
    private final Retry retry;

    /**
     * How a batch was rendered.
     *
     * @param timings of its stages, without encoding
     * @param pictures how many were rendered together
     */
    record Rendering(ModelDescriptor model, StageTimings timings, int pictures) {}

    Recorder(
            Outcomes outcomes,
            Attempts attempts,
            Announcer announcer,
            PictureFiles files,
            TaskIo io,
            Clock clock,
            WorkMetrics metrics) {
        this.outcomes = outcomes;
        this.attempts = attempts;
        this.announcer = announcer;
        this.files = files;
        this.io = io;
        this.clock = clock;
        this.metrics = metrics;
        this.retry = new Retry(clock);
    }

    /** The picture was painted. */
    void painted(Work work, Raster raster, Rendering rendering) {
        execute(work, () -> settle(work.delivery(), work.envelope(), encoded(work, raster, rendering)));
    }

    /** The outcome stood already when the task came. */
    void standing(Work work, Outcome outcome) {
        execute(work, () -> settle(work.delivery(), work.envelope(), () -> outcome));
    }

    /** The task's job was called off; the caller of {@link dev.thunderhead.job.Cancellation} has recorded that. */
    void cancelled(Work work) {
        String key = work.task().outcomeKey();
        Outcome.Cancelled cancelled = new Outcome.Cancelled("the job was cancelled", clock.instant());
        execute(work, () -> settle(work.delivery(), work.envelope(), () -> outcomes.record(key, cancelled)));
    }

    /** There will be no picture. */
    void failed(Work work, FailureCode code, String message) {
        execute(work, () -> settle(work.delivery(), work.envelope(), failure(work.envelope(), code, message)));
    }

    /** The task takes workers down: it fails, and its record is put aside. */
    void poisonous(Work work, String message) {
        FailureCode code = FailureCode.POISON_TASK;
        execute(work, () -> {
            putAside(work.delivery(), work.task().deadline(), code, message);
            settle(work.delivery(), work.envelope(), failure(work.envelope(), code, message));
        });
    }

    /** The record cannot be read: it is put aside, and the task fails where its owner sees it, if its headers tell. */
    void unreadable(Delivery delivery, TaskEnvelope.Content.Unreadable content) {
        if (content.envelope().isEmpty()) {
            io.execute(
                    delivery,
                    "unknown",
                    () -> {
                        putAside(delivery, clock.instant(), content.code(), content.why());
                        delivery.done();
                    },
                    delivery::done);
            return;
        }
        TaskEnvelope task = content.envelope().get();
        execute(delivery, task, () -> {
            putAside(delivery, task.deadline(), content.code(), content.why());
            settle(delivery, task, failure(task, content.code(), content.why()));
        });
    }

    /** Another worker shall render the task. One that Kafka would not deliver again fails instead. */
    void giveBack(Work work) {
        io.giveBack(
                work.delivery(),
                work.task().id().toString(),
                () -> settle(work.delivery(), work.envelope(), lastFailure(work.envelope())));
    }

    /** Does a step for a task on a thread where it may wait, and sees to it that the delivery gets a verdict. */
    void execute(Work work, TaskIo.Step step) {
        execute(work.delivery(), work.envelope(), step);
    }

    private void execute(Delivery delivery, TaskEnvelope task, TaskIo.Step step) {
        io.execute(delivery, task.id().toString(), step, () -> settle(delivery, task, lastFailure(task)));
    }

    private Retry.Attempt<Outcome> lastFailure(TaskEnvelope task) {
        return failure(
                task,
                FailureCode.RENDER_FAILED,
                "several workers could not render this picture; send the request again");
    }

    private Retry.Attempt<Outcome> failure(TaskEnvelope task, FailureCode code, String message) {
        Outcome.Failed failed = new Outcome.Failed(code, message, clock.instant());
        return () -> outcomes.record(task.outcomeKey(), failed);
    }

    private Retry.Attempt<Outcome> encoded(Work work, Raster raster, Rendering rendering) {
        RenderTask task = work.task();
        long start = System.nanoTime();
        byte[] file;
        try {
            file = files.file(raster, task, rendering.model());
        } catch (IOException | RuntimeException problem) {
            LOG.error("event=encoding_failed task={}", task.id(), problem);
            return failure(
                    work.envelope(),
                    FailureCode.RENDER_FAILED,
                    "the picture could not be written as " + task.format() + "; try another output format");
        }
        Duration encoding = Duration.ofNanos(System.nanoTime() - start);
        metrics.stage(WorkMetrics.Stage.ENCODE, task.lane()).record(encoding);
        Outcome.Picture picture = picture(task, file, rendering, encoding);
        return () -> metrics.timed(
                WorkMetrics.Stage.UPLOAD, task.lane(), () -> outcomes.record(task.outcomeKey(), picture, file));
    }

    private Outcome.Picture picture(RenderTask task, byte[] file, Rendering rendering, Duration encoding) {
        StageTimings stages = rendering.timings();
        return new Outcome.Picture(
                task.format(),
                file.length,
                sha256(file),
                task.seed(),
                task.steps(),
                task.size(),
                rendering.model().id(),
                rendering.model().build(),
                rendering.pictures(),
                new StageTimings(
                        stages.queue(), stages.text(), stages.steps(), stages.decode(), Renderer.millis(encoding)),
                clock.instant());
    }

    private static String sha256(byte[] file) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(file));
        } catch (NoSuchAlgorithmException problem) {
            throw new IllegalStateException("SHA-256 is part of every Java platform", problem);
        }
    }

    /**
     * Records, announces, and lets go, in this order: what was let go is known to the world.
     *
     * @param ending gives the outcome that stands, after recording one if none did
     */
    private void settle(Delivery delivery, TaskEnvelope task, Retry.Attempt<Outcome> ending)
            throws IOException, InterruptedException {
        Instant limit = limit(delivery, task.deadline());
        Outcome outcome = retry.until(limit, "record", ending);
        RenderEvent event = new RenderEvent(
                task.id(), task.account(), Optional.of(task.job()), task.outcomeKey(), outcome, task.traceparent());
        retry.until(
                limit,
                "announce",
                () -> metrics.timed(WorkMetrics.Stage.PUBLISH, delivery.lane(), () -> {
                    announcer.publish(event);
                    return event;
                }));
        metrics.ended(delivery.lane(), outcome);
        LOG.info(
                "event=task_ended task={} lane={} outcome={}",
                task.id(),
                delivery.lane(),
                outcome.getClass().getSimpleName());
        delivery.done();
        // After the verdict, which nothing that happens here may change.
        if (delivery.isRedelivered()) {
            attempts.clear(delivery, task);
        }
    }

    private void putAside(Delivery delivery, Instant deadline, FailureCode code, String why)
            throws IOException, InterruptedException {
        retry.until(limit(delivery, deadline), "dead_letter", () -> {
            announcer.putAside(delivery.record(), code, why);
            return code;
        });
        metrics.deadLetter(code);
        LOG.warn(
                "event=dead_letter code={} topic={} partition={} offset={} reason=\"{}\"",
                code,
                delivery.record().topic(),
                delivery.record().partition(),
                delivery.record().offset(),
                why);
    }

    /** A delivery that Kafka would not repeat is never given back. */
    private Instant limit(Delivery delivery, Instant deadline) {
        Instant now = clock.instant();
        return delivery.isLast() ? Instant.MAX : (deadline.isAfter(now) ? deadline : now).plus(SLACK);
    }
}
