package dev.thunderhead.bench;

import dev.thunderhead.model.ImageSize;
import dev.thunderhead.render.pipeline.Device;
import dev.thunderhead.render.pipeline.LightningPainter;
import dev.thunderhead.render.pipeline.PaintRequest;
import dev.thunderhead.render.pipeline.Timings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * The renderer beside Python's onnxruntime: the same graphs, the same threads, turn by turn in one run. Each turn is a
 * 256x256 picture of 4 steps, measured from the noise to the decoded picture. Goal: at least as fast.
 */
final class PeerBench {
    private static final int WARM_UP = 10;
    private static final int TURNS = 60;
    private static final int STEPS = 4;

    private PeerBench() {}

    /** @param arguments the Python interpreter, which has onnxruntime and numpy */
    public static void main(String[] arguments) throws Exception {
        Process python = new ProcessBuilder(
                        arguments[0],
                        "deploy/bench/peer.py",
                        BenchModel.TINY.toString(),
                        Integer.toString(BenchModel.threads()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Latencies ours = new Latencies();
        Latencies theirs = new Latencies();
        try (LightningPainter painter = LightningPainter.load(BenchModel.TINY, new Device.Cpu(), BenchModel.threads());
                BufferedReader answers = python.inputReader(StandardCharsets.UTF_8);
                Writer turns = python.outputWriter(StandardCharsets.UTF_8)) {
            String version = answers.readLine();
            for (int turn = 0; turn < WARM_UP + TURNS; turn++) {
                double here = paint(painter, turn);
                double there = ask(turns, answers);
                if (turn >= WARM_UP) {
                    ours.add(here);
                    theirs.add(there);
                }
            }
            double ratio = ours.percentile(50) / theirs.percentile(50);
            new Table("tiny-lightning 256x256, 4 steps", "p50 ms", "p90 ms", "of Python's time")
                    .row("Python, " + version, theirs.shown(50), theirs.shown(90), "1")
                    .row("Thunderhead", ours.shown(50), ours.shown(90), String.format(Locale.ROOT, "%.2f", ratio))
                    .print(System.out);
        } finally {
            python.destroy();
        }
    }

    private static double paint(LightningPainter painter, int seed) {
        PaintRequest request =
                new PaintRequest("a red heart on a white background", seed, STEPS, new ImageSize(256, 256));
        Timings timings =
                painter.paint(List.of(request), (picture, step) -> true).timings();
        return timings.denoise().plus(timings.decode()).toNanos() / 1e6;
    }

    private static double ask(Writer turns, BufferedReader answers) throws IOException {
        turns.write("paint\n");
        turns.flush();
        String millis = answers.readLine();
        if (millis == null) {
            throw new IOException("the Python process has ended; what it said stands above");
        }
        return Double.parseDouble(millis);
    }
}
