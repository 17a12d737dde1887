package dev.thunderhead.render;

import dev.thunderhead.job.OutputFormat;
import dev.thunderhead.model.ImageSize;
import dev.thunderhead.model.ModelDescriptor;
import dev.thunderhead.render.encode.PictureEncoder;
import dev.thunderhead.render.encode.Provenance;
import dev.thunderhead.render.pipeline.LightningPainter;
import dev.thunderhead.render.pipeline.PaintException;
import dev.thunderhead.render.pipeline.PaintRequest;
import dev.thunderhead.render.pipeline.Painted;
import dev.thunderhead.render.pipeline.PaintedBatch;
import dev.thunderhead.render.pipeline.Painter;
import dev.thunderhead.render.pipeline.Raster;
import dev.thunderhead.render.pipeline.Timings;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Collectors;

/**
 * Paints one picture from the command line, without queue or store. Prints the file's path and a line of timings. Exits
 * with 2 when it was asked for what cannot be had, and with 1 when the painting itself failed.
 */
public final class Paint {
    private static final int FAILED = 1;
    private static final int REFUSED = 2;
    private static final int JPEG_QUALITY = 90;

    private final PaintOptions options;
    private final ModelDescriptor model;
    private final PaintRequest request;
    private final Path file;
    private final OutputFormat format;

    /** Chooses what the options leave open, and refuses what the model lacks before it is loaded. */
    private Paint(PaintOptions options) throws IOException {
        this.options = options;
        model = ModelDescriptor.read(options.model());
        // Of 32 bits, since torch's generator reads no more.
        long seed = options.seed().orElseGet(() -> Integer.toUnsignedLong(new SecureRandom().nextInt()));
        int steps = options.steps().orElse(model.defaultSteps());
        ImageSize size = options.size().orElse(model.nativeSize());
        if (model.unetFor(steps).isEmpty()) {
            throw new IllegalArgumentException(
                    "--steps " + steps + ": " + model.id() + " paints in " + model.stepCounts() + " steps");
        }
        if (!model.sizes().allow(size)) {
            throw new IllegalArgumentException("--size " + size + ": " + model.id() + " paints " + model.sizes());
        }
        request = new PaintRequest(options.prompt(), seed, steps, size);
        file = options.file().orElse(Path.of("paint-" + Long.toUnsignedString(seed) + ".png"));
        format = PaintOptions.format(file);
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || !Files.isWritable(folder) || !Files.isDirectory(folder) || Files.isDirectory(file)) {
            throw new IOException("--out " + file + ": cannot be written");
        }
    }

    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments), System.out, System.err));
    }

    /** Does all that {@link #main} does, but returns the exit code. */
    static int run(List<String> arguments, PrintStream out, PrintStream err) {
        if (arguments.contains("--help")) {
            out.println(PaintOptions.USAGE);
            return 0;
        }
        try {
            new Paint(PaintOptions.parse(arguments)).paint(out);
            return 0;
        } catch (PaintException problem) {
            err.println("paint: " + problem.getMessage());
            return FAILED;
        } catch (IllegalArgumentException | IOException problem) {
            err.println("paint: " + problem.getMessage());
            return REFUSED;
        }
    }

    private void paint(PrintStream out) throws IOException {
        long start = System.nanoTime();
        try (Painter painter = LightningPainter.load(options.model(), options.device(), options.threads())) {
            long loaded = System.nanoTime();
            PaintedBatch batch = painter.paint(List.of(request), (picture, step) -> true);
            Raster raster = raster(batch.pictures().get(0));
            long painted = System.nanoTime();
            byte[] bytes = encode(raster);
            long encoded = System.nanoTime();
            try {
                Files.write(file, bytes);
            } catch (IOException problem) {
                throw new IOException("--out " + file + ": cannot be written", problem);
            }
            out.println(file);
            out.println("seed=" + request.seed() + " load=" + milliseconds(loaded - start)
                    + " " + summary(batch.timings())
                    + " encode=" + milliseconds(encoded - painted) + " total=" + milliseconds(encoded - start));
        }
    }

    private static Raster raster(Painted painted) {
        if (painted instanceof Painted.Picture picture) {
            return picture.raster();
        }
        if (painted instanceof Painted.Spoiled spoiled) {
            throw new PaintException("no picture: " + spoiled.why());
        }
        throw new IllegalStateException("nobody stopped the picture, yet it is " + painted);
    }

    private byte[] encode(Raster raster) {
        Provenance provenance = new Provenance(
                model.id(), model.build(), request.seed(), request.steps(), request.size(), Optional.empty());
        return new PictureEncoder(ForkJoinPool.commonPool(), options.threads())
                .encode(raster, format, JPEG_QUALITY, provenance);
    }

    private static String summary(Timings timings) {
        String steps = timings.steps().stream()
                .map(step -> Long.toString(step.toMillis()))
                .collect(Collectors.joining("+"));
        return "text=" + timings.text().toMillis() + "ms steps=" + steps + "ms decode="
                + timings.decode().toMillis() + "ms";
    }

    private static String milliseconds(long nanoseconds) {
        return Duration.ofNanos(nanoseconds).toMillis() + "ms";
    }
}
