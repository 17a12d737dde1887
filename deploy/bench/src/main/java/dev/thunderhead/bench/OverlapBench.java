package dev.thunderhead.bench;

import dev.thunderhead.render.pipeline.PaintRequest;
import dev.thunderhead.standalone.AllInOne;
import java.time.Duration;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;

/**
 * Whether the device ever waits for anything around it: a renderer that sleeps 300 ms for a batch of four 1024x1024
 * pictures, alone, and then with HTTP, Kafka, PNG and S3 around it. Goal: at least 0.95 of the renderer alone. The
 * built-in model's own throughput stands beside it without a goal, since there everything shares the processor.
 */
final class OverlapBench {
    private static final Duration BATCH_TIME = Duration.ofMillis(300);
    private static final Duration TIME = Duration.ofSeconds(40);
    /** The worker's default. */
    private static final int BATCH = 4;

    private static final int IN_FLIGHT = 6 * BATCH;

    private OverlapBench() {}

    public static void main(String[] arguments) throws Exception {
        double alone = alone();
        double around;
        try (AllInOne server = BenchModel.with(new SleepingPainter(BATCH_TIME))) {
            Map<String, Object> request = Map.of("prompt", "a photograph", "seed", 1);
            around = Saturation.picturesPerSecond(server.client(), request, IN_FLIGHT, TIME);
        }
        double tiny;
        try (AllInOne server = BenchModel.tiny()) {
            Map<String, Object> request = Map.of("prompt", "a red heart on a white background");
            tiny = Saturation.picturesPerSecond(server.client(), request, IN_FLIGHT, TIME);
        }
        new Table("renderer", "pictures/s", "of the renderer alone")
                .row("sleeping, 300 ms a batch of 4 at 1024x1024, alone", shown(alone), "1")
                .row("the same behind HTTP, Kafka, PNG, S3", shown(around), shown(around / alone))
                .row("tiny-lightning 256x256, 4 steps, all in one process", shown(tiny), "")
                .print(System.out);
    }

    private static double alone() {
        SleepingPainter painter = new SleepingPainter(BATCH_TIME);
        PaintRequest request = new PaintRequest("a photograph", 1, SleepingPainter.STEPS, SleepingPainter.SIZE);
        int batches = 20;
        long start = System.nanoTime();
        for (int i = 0; i < batches; i++) {
            painter.paint(Collections.nCopies(BATCH, request), (picture, step) -> true);
        }
        return batches * BATCH * 1e9 / (System.nanoTime() - start);
    }

    private static String shown(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
