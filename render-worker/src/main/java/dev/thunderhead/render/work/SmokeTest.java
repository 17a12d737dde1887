package dev.thunderhead.render.work;

import dev.thunderhead.job.Account;
import dev.thunderhead.job.JobDescription;
import dev.thunderhead.job.JobId;
import dev.thunderhead.job.Lane;
import dev.thunderhead.job.OutputFormat;
import dev.thunderhead.job.RenderTask;
import dev.thunderhead.job.TaskId;
import dev.thunderhead.model.ModelDescriptor;
import dev.thunderhead.render.pipeline.PaintRequest;
import dev.thunderhead.render.pipeline.Painted;
import dev.thunderhead.render.pipeline.PaintedBatch;
import dev.thunderhead.render.pipeline.Painter;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Paints and encodes one picture, to show that a model and its device work. */
final class SmokeTest {
    private static final Logger LOG = LoggerFactory.getLogger(SmokeTest.class);

    private SmokeTest() {}

    /**
     * @return how long painting took
     * @throws IOException when the painter cannot paint; the message names its model
     */
    static Duration run(Painter painter, PictureFiles files) throws IOException {
        ModelDescriptor model = painter.model();
        PaintRequest request = request(model);
        PaintedBatch batch;
        try {
            batch = painter.paint(List.of(request), (picture, step) -> true);
        } catch (RuntimeException problem) {
            throw new IOException("model " + model.id() + " cannot paint: " + problem.getMessage(), problem);
        }
        if (!(batch.pictures().get(0) instanceof Painted.Picture picture)) {
            throw new IOException(
                    "model " + model.id() + " cannot paint: " + batch.pictures().get(0));
        }
        int bytes = files.file(picture.raster(), task(request, model), model).length;
        Duration time = batch.timings().total();
        LOG.info(
                "event=smoke_picture model={} build={} millis={} bytes={}",
                model.id(),
                model.build(),
                time.toMillis(),
                bytes);
        return time;
    }

    /** The kind of the picture that is painted. */
    static Work.Kind kind(ModelDescriptor model) {
        return new Work.Kind(model.id(), model.defaultSteps(), model.nativeSize());
    }

    private static PaintRequest request(ModelDescriptor model) {
        return new PaintRequest("a red circle", 1, model.defaultSteps(), model.nativeSize());
    }

    private static RenderTask task(PaintRequest request, ModelDescriptor model) {
        Instant now = Instant.now();
        return new RenderTask(
                new TaskId(JobId.create(now, RandomGenerator.getDefault()), 0),
                new Account("smoke"),
                new JobDescription(
                        Lane.INTERACTIVE,
                        model.id(),
                        request.size(),
                        request.steps(),
                        OutputFormat.PNG,
                        1,
                        false,
                        0,
                        now,
                        Map.of(),
                        Optional.empty()),
                request.prompt(),
                request.seed(),
                100,
                false,
                now,
                "",
                "");
    }
}
