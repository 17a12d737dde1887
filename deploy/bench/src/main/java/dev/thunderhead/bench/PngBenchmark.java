package dev.thunderhead.bench;

import dev.thunderhead.job.OutputFormat;
import dev.thunderhead.model.ImageSize;
import dev.thunderhead.render.encode.PictureEncoder;
import dev.thunderhead.render.encode.Provenance;
import dev.thunderhead.render.pipeline.Raster;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * PNG of a photo-like 1024x1024 picture, from the decoder's floats to the file, beside ImageIO. Goal: at most 0.40 of
 * ImageIO's time, and at most 0.85 of its size.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 4, time = 3)
@Fork(1)
public class PngBenchmark {
    private static final ImageSize SIZE = new ImageSize(1024, 1024);
    private static final Provenance PROVENANCE =
            new Provenance("tiny-lightning", "bench", 7, 4, SIZE, Optional.empty());

    private final Raster raster = PhotoLike.raster(SIZE, 1);
    private final BufferedImage image = image(raster);
    private final PictureEncoder oneThread = new PictureEncoder(ForkJoinPool.commonPool(), 1);
    private final PictureEncoder twoThreads = new PictureEncoder(ForkJoinPool.commonPool(), 2);

    private static BufferedImage image(Raster raster) {
        BufferedImage image = new BufferedImage(SIZE.width(), SIZE.height(), BufferedImage.TYPE_3BYTE_BGR);
        byte[] target = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
        byte[] row = new byte[3 * SIZE.width()];
        for (int y = 0; y < SIZE.height(); y++) {
            raster.copyRow(y, row, 0);
            for (int x = 0; x < row.length; x += 3) {
                int to = y * row.length + x;
                target[to] = row[x + 2];
                target[to + 1] = row[x + 1];
                target[to + 2] = row[x];
            }
        }
        return image;
    }

    @Benchmark
    public byte[] oneThread() {
        return oneThread.encode(raster, OutputFormat.PNG, 100, PROVENANCE);
    }

    @Benchmark
    public byte[] twoThreads() {
        return twoThreads.encode(raster, OutputFormat.PNG, 100, PROVENANCE);
    }

    @Benchmark
    public byte[] imageIo() throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream(4 << 20);
        ImageIO.write(image, "png", file);
        return file.toByteArray();
    }

    public static void main(String[] arguments) throws RunnerException, IOException {
        Collection<RunResult> results =
                new Runner(new OptionsBuilder().include(PngBenchmark.class.getName()).build()).run();
        double imageIo = median(results, "imageIo");
        PngBenchmark files = new PngBenchmark();
        int reference = files.imageIo().length;
        Table table = new Table("encoder", "median ms", "of ImageIO's time", "KB", "of ImageIO's size");
        table.row("ImageIO", number(imageIo), "1", number(reference / 1024.0), "1");
        for (String name : new String[] {"oneThread", "twoThreads"}) {
            double time = median(results, name);
            int size = (name.equals("oneThread") ? files.oneThread() : files.twoThreads()).length;
            table.row(
                    name.equals("oneThread") ? "Thunderhead, 1 thread" : "Thunderhead, 2 threads",
                    number(time),
                    ratio(time / imageIo),
                    number(size / 1024.0),
                    ratio((double) size / reference));
        }
        table.print(System.out);
    }

    private static double median(Collection<RunResult> results, String name) {
        return results.stream()
                .filter(result -> result.getParams().getBenchmark().endsWith("." + name))
                .mapToDouble(result -> result.getPrimaryResult().getStatistics().getPercentile(50))
                .findFirst()
                .orElseThrow();
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    private static String ratio(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
