package dev.thunderhead.render.work;

import dev.thunderhead.job.Lane;
import dev.thunderhead.job.RenderProgress;
import dev.thunderhead.kafka.TaskRecords;
import dev.thunderhead.render.pipeline.Raster;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells how far rendering is. The render thread only leaves word here: previews are made, and everything is sent, on the
 * one thread that runs this object. What it cannot keep up with, for example while Kafka is away, is dropped, previews
 * first: nothing depends on progress, and everything on rendering. Of the bulk lane it tells that a task was begun and no
 * more, since nobody watches a batch's line.
 */
final class ProgressReporter implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(ProgressReporter.class);
    private static final int CAPACITY = 512;
    /** A report with a preview holds a picture's latents, 64 KB at 1024x1024, so fewer of them may wait. */
    private static final int CAPACITY_WITH_PREVIEWS = 64;

    private static final long IDLE_MILLIS = 200;

    private final Producer<String, byte[]> producer;
    private final PictureFiles previews;
    private final Studio studio;
    private final Clock clock;
    private final WorkMetrics metrics;
    private final BlockingQueue<Report> reports = new ArrayBlockingQueue<>(CAPACITY);
    private volatile boolean stopping;

    /** What there is to tell. Making it may take a while. */
    @FunctionalInterface
    private interface Report {
        RenderProgress make() throws IOException;
    }

    /** @param producer of its own, so that progress never stands before an outcome; closed by whoever made it */
    ProgressReporter(Producer<String, byte[]> producer, Studio studio, Clock clock, WorkMetrics metrics) {
        this.producer = producer;
        this.previews = studio.previews();
        this.studio = studio;
        this.clock = clock;
        this.metrics = metrics;
    }

    /** The tasks are on the device. Never blocks. */
    void started(List<Work> batch) {
        Instant now = clock.instant();
        batch.forEach(
                work -> report(() -> new RenderProgress.Started(work.task().id(), now)));
    }

    /** Whether somebody wants to see what the picture looks like when so many of its steps are done. */
    boolean wantsPreview(Work work, int done) {
        return duePreview(work, done).isPresent();
    }

    /**
     * A step is done. Never blocks.
     *
     * @param done how many are, from 1
     * @param preview makes the preview, if the model gives any
     */
    void stepDone(Work work, int done, Optional<Supplier<Raster>> preview) {
        if (work.task().lane() == Lane.BULK) {
            return;
        }
        Instant now = clock.instant();
        OptionalInt due = duePreview(work, done);
        if (preview.isPresent() && due.isPresent() && reports.size() < CAPACITY_WITH_PREVIEWS) {
            Supplier<Raster> picture = preview.get();
            report(() -> stepDone(work, now, done, Optional.of(preview(work, due.getAsInt(), picture))));
        } else {
            report(() -> stepDone(work, now, done, Optional.empty()));
        }
    }

    private static OptionalInt duePreview(Work work, int done) {
        return PreviewSteps.of(work.task().job().previews(), work.task().steps())
                .due(done);
    }

    private static RenderProgress stepDone(Work work, Instant at, int done, Optional<RenderProgress.Preview> preview) {
        return new RenderProgress.StepDone(
                work.task().id(), at, done, work.task().steps(), preview);
    }

    private RenderProgress.Preview preview(Work work, int index, Supplier<Raster> picture) throws IOException {
        byte[] jpeg = previews.file(
                picture.get(), work.task(), studio.painter(work.task().model()).model());
        return new RenderProgress.Preview(index, jpeg);
    }

    private void report(Report report) {
        if (!reports.offer(report)) {
            metrics.progressDropped();
        }
    }

    /** {@link #run} returns soon after. */
    void stop() {
        stopping = true;
    }

    @Override
    public void run() {
        while (!stopping) {
            try {
                Report next = reports.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
                if (next != null) {
                    send(next);
                }
            } catch (InterruptedException interrupt) {
                throw new IllegalStateException("the reporter is stopped, not interrupted", interrupt);
            }
        }
    }

    private void send(Report report) {
        try {
            var unused = producer.send(TaskRecords.of(report.make()), (metadata, problem) -> {
                if (problem != null) {
                    metrics.progressDropped();
                }
            });
        } catch (IOException | RuntimeException problem) {
            metrics.progressDropped();
            LOG.debug("event=progress_dropped error=\"{}\"", problem.toString());
        }
    }
}
