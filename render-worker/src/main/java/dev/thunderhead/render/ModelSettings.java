package dev.thunderhead.render;

import dev.thunderhead.config.Environment;
import dev.thunderhead.job.OutputFormat;
import dev.thunderhead.job.RenderTask;
import dev.thunderhead.model.ModelDescriptor;
import dev.thunderhead.render.encode.PictureEncoder;
import dev.thunderhead.render.encode.Provenance;
import dev.thunderhead.render.pipeline.Device;
import dev.thunderhead.render.pipeline.LightningPainter;
import dev.thunderhead.render.pipeline.Painter;
import dev.thunderhead.render.work.PictureFiles;
import dev.thunderhead.render.work.Studio;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;

/**
 * The models that a worker paints with, and where they run.
 *
 * @param directories one for each model, at least one
 * @param threads processor threads for rendering, and at most for encoding one picture, at least 1
 */
public record ModelSettings(List<Path> directories, Device device, int threads) {
    private static final int MAX_THREADS = 1_024;
    private static final int PREVIEW_QUALITY = 75;

    public ModelSettings {
        directories = List.copyOf(directories);
    }

    /** Reads {@code THUNDERHEAD_MODELS}, {@code _DEVICE} and {@code _THREADS}, by default all of the machine's. */
    public static ModelSettings from(Environment environment) {
        String directories = environment.text("THUNDERHEAD_MODELS");
        return new ModelSettings(
                Arrays.stream(directories.split(",", -1))
                        .map(String::strip)
                        .map(Path::of)
                        .toList(),
                environment.parsed("THUNDERHEAD_DEVICE", new Device.Cpu(), Device::parse),
                environment.number("THUNDERHEAD_THREADS", Runtime.getRuntime().availableProcessors(), 1, MAX_THREADS));
    }

    /**
     * Loads the models and paints a picture with each; takes seconds to minutes.
     *
     * @throws IOException when a model cannot be loaded or cannot paint; the message names it
     */
    public Studio open() throws IOException {
        List<Painter> painters = new ArrayList<>();
        try {
            for (Path directory : directories) {
                painters.add(LightningPainter.load(directory, device, threads));
            }
        } catch (IOException | RuntimeException problem) {
            painters.forEach(Painter::close);
            throw problem;
        }
        return Studio.open(painters, files(threads), previews());
    }

    /** Small JPEG files. */
    public static PictureFiles previews() {
        PictureEncoder encoder = new PictureEncoder(Runnable::run, 1);
        return (raster, task, model) ->
                encoder.encode(raster, OutputFormat.JPEG, PREVIEW_QUALITY, provenance(task, model));
    }

    /** Files as the encoders write them, on up to {@code threads} threads for a picture. */
    public static PictureFiles files(int threads) {
        PictureEncoder encoder = new PictureEncoder(ForkJoinPool.commonPool(), threads);
        return (raster, task, model) ->
                encoder.encode(raster, task.format(), task.compression(), provenance(task, model));
    }

    private static Provenance provenance(RenderTask task, ModelDescriptor model) {
        return new Provenance(
                model.id(),
                model.build(),
                task.seed(),
                task.steps(),
                task.size(),
                task.promptInFile() ? Optional.of(task.prompt()) : Optional.empty());
    }
}
