package dev.thunderhead.render.work;

import dev.thunderhead.job.Account;
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
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The painters of one device, each of which has painted a picture here: what claims tasks has shown that it can render
 * them, and roughly how fast. One thread paints; {@link #close} is called when it has ended.
 */
public final class Studio implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Studio.class);

    private final Map<String, Painter> painters;
    private final PictureFiles files;
    private final CostModel costs;

    private Studio(Map<String, Painter> painters, PictureFiles files, CostModel costs) {
        this.painters = Map.copyOf(painters);
        this.files = files;
        this.costs = costs;
    }

    /**
     * Paints and encodes one picture with each painter.
     *
     * @param painters of different models; closed with the studio, and when this fails
     * @throws IOException when a painter cannot paint; the message names its model
     */
    public static Studio open(List<? extends Painter> painters, PictureFiles files) throws IOException {
        Map<String, Painter> byModel = new LinkedHashMap<>();
        CostModel costs = new CostModel();
        try {
            for (Painter painter : painters) {
                if (byModel.putIfAbsent(painter.model().id(), painter) != null) {
                    throw new IOException(
                            "two models have the id " + painter.model().id());
                }
                prove(painter, files, costs);
            }
            return new Studio(byModel, files, costs);
        } catch (IOException | RuntimeException | Error problem) {
            painters.forEach(Painter::close);
            throw problem;
        }
    }

    private static void prove(Painter painter, PictureFiles files, CostModel costs) throws IOException {
        ModelDescriptor model = painter.model();
        PaintRequest request = new PaintRequest("a red circle", 1, model.defaultSteps(), model.nativeSize());
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
        costs.measured(
                new Work.Kind(model.id(), request.steps(), request.size()),
                1,
                batch.timings().total());
        LOG.info(
                "event=smoke_picture model={} build={} millis={} bytes={}",
                model.id(),
                model.build(),
                batch.timings().total().toMillis(),
                bytes);
    }

    private static RenderTask task(PaintRequest request, ModelDescriptor model) {
        Instant now = Instant.now();
        return new RenderTask(
                new TaskId(JobId.create(now, RandomGenerator.getDefault()), 0),
                new Account("smoke"),
                Lane.INTERACTIVE,
                model.id(),
                request.prompt(),
                request.seed(),
                request.steps(),
                request.size(),
                OutputFormat.PNG,
                100,
                false,
                now,
                now,
                "",
                "");
    }

    /** What can be painted here. */
    public Collection<ModelDescriptor> models() {
        return painters.values().stream().map(Painter::model).toList();
    }

    Painter painter(String model) {
        Painter painter = painters.get(model);
        if (painter == null) {
            throw new IllegalStateException("the reception lets no task in whose model is not here");
        }
        return painter;
    }

    PictureFiles files() {
        return files;
    }

    CostModel costs() {
        return costs;
    }

    @Override
    public void close() {
        painters.values().forEach(Painter::close);
    }
}
