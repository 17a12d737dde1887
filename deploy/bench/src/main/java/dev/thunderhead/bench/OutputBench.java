package dev.thunderhead.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.thunderhead.model.ModelDescriptor;
import java.io.IOException;
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
        Table table = new Table("lines of 10 pictures", "output MB", "seconds", "heap at most MB, " + HEAP);
        Path folder = Files.createTempDirectory("bench");
        try (Deployment deployment = Deployment.start(Deployment.ONE_PARTITION)) {
            Deployment.Frontend frontend = deployment.frontend(HEAP);
            deployment.worker(new SleepingPainter(ModelDescriptor.read(BenchModel.TINY), Duration.ZERO));
            BatchClient client = new BatchClient(frontend.api(), deployment.key());
            for (int lines : LINES) {
                Path input = BatchClient.input(
                        folder.resolve(lines + ".jsonl"), lines, Map.of("n", PICTURES, "response_format", "b64_json"));
                long start = System.nanoTime();
                String id = client.create(client.upload(input));
                double heap = heapUntilCompleted(client, id, frontend);
                double seconds = (System.nanoTime() - start) / 1e9;
                Path output = client.download(
                        client.batch(id).path("output_file_id").asText(), folder.resolve(lines + "-output.jsonl"));
                table.row(
                        lines,
                        Files.size(output) / 1_000_000,
                        String.format(Locale.ROOT, "%.1f", seconds),
                        Math.round(heap));
                Files.delete(output);
            }
        }
        table.print(System.out);
        // Kafka and HTTP clients leave threads behind for a while.
        System.exit(0);
    }

    private static double heapUntilCompleted(BatchClient client, String id, Deployment.Frontend frontend)
            throws IOException, InterruptedException {
        double heap = frontend.process().heapMegabytes();
        JsonNode batch = client.batch(id);
        while (!batch.path("status").asText().equals("completed")) {
            if (batch.at("/request_counts/failed").asInt() > 0) {
                throw new IOException("lines failed: " + batch);
            }
            Thread.sleep(LOOK.toMillis());
            heap = Math.max(heap, frontend.process().heapMegabytes());
            batch = client.batch(id);
        }
        return heap;
    }
}
