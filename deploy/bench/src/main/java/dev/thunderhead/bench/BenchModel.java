package dev.thunderhead.bench;

import dev.thunderhead.render.ModelSettings;
import dev.thunderhead.render.pipeline.Device;
import dev.thunderhead.render.pipeline.Painter;
import dev.thunderhead.render.work.Studio;
import dev.thunderhead.standalone.AllInOne;
import dev.thunderhead.wire.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the benches paint with, and everything around it started for them. */
final class BenchModel {
    /** The built-in model, seen from the repository's root, where benches are started. */
    static final Path TINY = Path.of("deploy/models/tiny-lightning");

    private BenchModel() {}

    /** Everything in this process, with the built-in model; state lies in a new temporary folder. */
    static AllInOne tiny() throws IOException, InterruptedException {
        ModelSettings models = new ModelSettings(List.of(TINY), new Device.Cpu(), threads());
        return AllInOne.start(BenchFolder.create(), TINY, models::open);
    }

    /** Everything in this process, with a painter of the bench's own. */
    static AllInOne with(Painter painter) throws IOException, InterruptedException {
        Path data = BenchFolder.create();
        Path descriptor = Files.write(data.resolve("model.json"), Json.bytes(painter.model()));
        return AllInOne.start(data, descriptor, () -> studio(painter));
    }

    /** Paints with that alone. */
    static Studio studio(Painter painter) throws IOException {
        return Studio.open(List.of(painter), ModelSettings.files(threads()), ModelSettings.previews());
    }

    static int threads() {
        return Runtime.getRuntime().availableProcessors();
    }
}
