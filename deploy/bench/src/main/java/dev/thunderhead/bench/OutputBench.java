package dev.thunderhead.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.thunderhead.model.ModelDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/**
 * Batches whose output holds the pictures themselves: what the frontend needs of its heap while the file is put together and
 * sent to the store. Goal: no more for a large file than for a small one.
 */
final class OutputBench {
    private static final String HEAP = "-Xmx256m";
    private static final int PICTURES = 10;
    private static final int[] LINES = {20, 200, 1_000};
    private static final Duration LOOK = Duration.ofSeconds(1);

    private OutputBench() {}

    public static void main(String[] arguments) throws Exception {
        Table table = new Table(
                "lines of " + PICTURES + " pictures",
                "output MB",
                "seconds",
                "heap after collections at most, `" + HEAP + "`");
        Path folder = BenchFolder.create();
        try (Deployment deployment = Deployment.start(Deployment.ONE_PARTITION)) {
            Deployment.Frontend frontend = deployment.frontend(HEAP);
            deployment.worker(new SleepingPainter(ModelDescriptor.read(BenchModel.TINY), Duration.ZERO));
            BatchClient client = new BatchClient(frontend.api(), deployment.key());
            for (int lines : LINES) {
                Path input = BatchClient.input(
                        folder.resolve(lines + ".jsonl"), lines, Map.of("n", PICTURES, "response_format", "b64_json"));
                long start = System.nanoTime();
                String id = client.create(client.upload(input));
                HeapWatch heap = new HeapWatch(frontend.process(), LOOK);
                JsonNode batch = client.completed(id, seen -> heap.look());
                double seconds = Seconds.since(start);
                Path output =
                        client.download(batch.path("output_file_id").asText(), folder.resolve(lines + "-output.jsonl"));
                table.row(
                        String.format(Locale.ROOT, "%,d", lines),
                        Files.size(output) / 1_000_000,
                        String.format(Locale.ROOT, "%.1f", seconds),
                        Math.round(heap.megabytes()) + " MB");
                Files.delete(output);
            }
        }
        table.print(System.out);
        // Kafka and HTTP clients leave threads behind for a while.
        System.exit(0);
    }
}
