package dev.thunderhead.render.work;

import dev.thunderhead.model.ModelDescriptor;
import dev.thunderhead.render.pipeline.Painter;
import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The painters of one device, each of which has painted a picture here: what claims tasks has shown that it can render
 * them, and roughly how fast. One thread paints; {@link #close} is called when it has ended.
 */
public final class Studio implements AutoCloseable {
    private final Map<String, Painter> painters;
    private final PictureFiles files;
    private final PictureFiles previews;
    private final CostModel costs;

    private Studio(Map<String, Painter> painters, PictureFiles files, PictureFiles previews, CostModel costs) {
        this.painters = Map.copyOf(painters);
        this.files = files;
        this.previews = previews;
        this.costs = costs;
    }

    /**
     * Paints and encodes one picture with each painter.
     *
     * @param painters of different models; closed with the studio, and when this fails
     * @param previews makes small files of the previews of tasks, whatever format the tasks asked for
     * @throws IOException when a painter cannot paint; the message names its model
     */
    public static Studio open(List<? extends Painter> painters, PictureFiles files, PictureFiles previews)
            throws IOException {
        Map<String, Painter> byModel = new LinkedHashMap<>();
        CostModel costs = new CostModel();
        try {
            for (Painter painter : painters) {
                if (byModel.putIfAbsent(painter.model().id(), painter) != null) {
                    throw new IOException(
                            "two models have the id " + painter.model().id());
                }
                costs.measured(SmokeTest.kind(painter.model()), 1, SmokeTest.run(painter, files));
            }
            return new Studio(byModel, files, previews, costs);
        } catch (IOException | RuntimeException | Error problem) {
            painters.forEach(Painter::close);
            throw problem;
        }
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

    /**
     * Shows once more that the model can be rendered here.
     *
     * @throws IOException when it cannot
     */
    void smokeTest(String model) throws IOException {
        SmokeTest.run(painter(model), files);
    }

    PictureFiles files() {
        return files;
    }

    PictureFiles previews() {
        return previews;
    }

    CostModel costs() {
        return costs;
    }

    @Override
    public void close() {
        painters.values().forEach(Painter::close);
    }
}
