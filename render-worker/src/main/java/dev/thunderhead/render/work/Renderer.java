package dev.thunderhead.render.work;

import dev.thunderhead.job.FailureCode;
import dev.thunderhead.job.Lane;
import dev.thunderhead.job.StageTimings;
import dev.thunderhead.render.pipeline.Painted;
import dev.thunderhead.render.pipeline.PaintedBatch;
import dev.thunderhead.render.pipeline.Painter;
import dev.thunderhead.render.pipeline.Timings;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one device busy: takes batches from the intake and paints them, on the one thread that runs this object. A bulk
 * batch makes way between its steps: what the intake gives then is painted right there, on top of it, and makes no way
 * itself, so at most two batches are under way.
 */
final class Renderer implements Runnable {
    /** So many different tasks that fail one after the other cast suspicion on the device rather than on them. */
    static final int SUSPICIOUS_FAILURES = 3;

    private static final Logger LOG = LoggerFactory.getLogger(Renderer.class);

    private final Studio studio;
    private final Intake intake;
    private final StopCheck stops;
    private final Reception reception;
    private final Recorder recorder;
    private final ProgressReporter progress;
    private final Clock clock;
    private final LongSupplier nanos;
    private final WorkMetrics metrics;
    private final Consumer<String> deviceIsBroken;
    private int failuresInARow;
    private boolean broken;

    /**
     * @param nanos the intake's clock
     * @param deviceIsBroken told why, once, when nothing can be rendered here any more
     */
    Renderer(
            Studio studio,
            Intake intake,
            StopCheck stops,
            Reception reception,
            Recorder recorder,
            ProgressReporter progress,
            Clock clock,
            LongSupplier nanos,
            WorkMetrics metrics,
            Consumer<String> deviceIsBroken) {
        this.studio = studio;
        this.intake = intake;
        this.stops = stops;
        this.reception = reception;
        this.recorder = recorder;
        this.progress = progress;
        this.clock = clock;
        this.nanos = nanos;
        this.metrics = metrics;
        this.deviceIsBroken = deviceIsBroken;
    }

    /** Renders until the intake is closed. */
    @Override
    public void run() {
        try {
            for (Optional<Batch> batch = intake.take(); batch.isPresent(); batch = intake.take()) {
                long start = nanos.getAsLong();
                render(batch.get());
                // With what went before its steps: the device was busy with that as well.
                metrics.busy(Duration.ofNanos(nanos.getAsLong() - start));
            }
        } catch (InterruptedException interrupt) {
            throw new IllegalStateException("the renderer is stopped, not interrupted", interrupt);
        }
    }

    private void render(Batch batch) {
        try {
            List<Work> wanted = batch.work().stream().filter(this::isWanted).toList();
            if (broken) {
                wanted.forEach(recorder::giveBack);
            } else if (!wanted.isEmpty()) {
                paintOrTryEachAlone(batch, wanted);
            }
        } finally {
            intake.done();
        }
    }

    /** Renders what goes before the batch's next step. Whatever becomes of it, the batch goes on afterwards. */
    private void makeWay(Batch batch) {
        for (Optional<Batch> urgent = intake.takeBefore(batch); urgent.isPresent(); urgent = intake.takeBefore(batch)) {
            render(urgent.get());
        }
    }

    private boolean isWanted(Work work) {
        if (work.delivery().isLost()) {
            return false;
        }
        Optional<StopCheck.Reason> reason = stops.whyNot(work);
        reason.ifPresent(why -> reception.turnAway(work, why));
        return reason.isEmpty();
    }

    /** One bad picture must not take its company along, and a hiccup of the device must not fail a task. */
    private void paintOrTryEachAlone(Batch batch, List<Work> wanted) {
        try {
            paint(batch, wanted);
        } catch (RuntimeException | Error problem) {
            metrics.renderError();
            LOG.warn("event=render_error pictures={} next=each_alone", wanted.size(), problem);
            wanted.forEach(work -> paintAlone(batch, work));
        }
    }

    private void paintAlone(Batch batch, Work work) {
        if (broken) {
            recorder.giveBack(work);
            return;
        }
        try {
            paint(batch, List.of(work));
        } catch (RuntimeException | Error problem) {
            metrics.renderError();
            LOG.error("event=render_failed task={}", work.task().id(), problem);
            failuresInARow++;
            if (failuresInARow >= SUSPICIOUS_FAILURES
                    && !deviceWorks(batch.kind().model())) {
                recorder.giveBack(work);
            } else {
                recorder.failed(
                        work,
                        FailureCode.RENDER_FAILED,
                        "the renderer reported an error, twice; send the request again");
            }
        }
    }

    private boolean deviceWorks(String model) {
        try {
            studio.smokeTest(model);
            failuresInARow = 0;
            return true;
        } catch (IOException | RuntimeException | Error problem) {
            LOG.error("event=device_broken model={}", model, problem);
            broken = true;
            deviceIsBroken.accept("the device cannot render any more: " + problem.getMessage());
            return false;
        }
    }

    private void paint(Batch batch, List<Work> work) {
        Painter painter = studio.painter(batch.kind().model());
        Instant start = clock.instant();
        progress.started(work);
        PaintedBatch painted = painter.paint(
                work.stream().map(Work::request).toList(),
                new BatchListener(batch, work, stops, progress, nanos, () -> makeWay(batch)));
        failuresInARow = 0;
        Timings timings = painted.timings();
        // What was stopped or spoiled took another time than its kind takes.
        if (painted.pictures().stream().allMatch(Painted.Picture.class::isInstance)) {
            studio.costs().measured(batch.kind(), work.size(), timings.total());
        }
        Lane lane = work.get(0).task().lane();
        metrics.rendered(lane, work.size(), timings);
        for (int i = 0; i < work.size(); i++) {
            Duration queue = Duration.between(work.get(i).task().createdAt(), start);
            metrics.queued(lane, queue);
            handOver(
                    work.get(i),
                    painted.pictures().get(i),
                    new Recorder.Rendering(painter.model(), stages(queue, timings), work.size()));
        }
    }

    private void handOver(Work work, Painted painted, Recorder.Rendering rendering) {
        if (painted instanceof Painted.Picture picture) {
            recorder.painted(work, picture.raster(), rendering);
        } else if (painted instanceof Painted.Spoiled spoiled) {
            LOG.warn("event=spoiled task={} reason=\"{}\"", work.task().id(), spoiled.why());
            recorder.failed(
                    work,
                    FailureCode.SPOILED_PICTURE,
                    "the model produced values that are no picture; try another seed or prompt");
        } else {
            // The clock may have been set back since the listener asked.
            reception.turnAway(work, stops.whyNot(work).orElse(StopCheck.Reason.LATE));
        }
    }

    private static StageTimings stages(Duration queue, Timings timings) {
        return new StageTimings(
                millis(queue),
                millis(timings.text()),
                timings.steps().stream().map(Renderer::millis).toList(),
                millis(timings.decode()),
                0);
    }

    static double millis(Duration time) {
        return time.toNanos() / 1e6;
    }
}
