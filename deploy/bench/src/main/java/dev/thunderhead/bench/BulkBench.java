package dev.thunderhead.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.thunderhead.model.ModelDescriptor;
import dev.thunderhead.wire.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.Locale;
import java.util.Set;

/**
 * One batch of 50,000 lines through everything but a renderer: upload, validation, feeder, Kafka, worker, S3, output. Goals:
 * validated within 10 s, the frontend that feeds has a heap of 256 MB, at least 150 lines a second from the request for the
 * batch to its output file, and that file is exact.
 */
final class BulkBench {
    private static final int LINES = 50_000;
    private static final String HEAP = "-Xmx256m";
    private static final Set<String> UNDER_WAY = Set.of("validating", "in_progress", "finalizing");
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration HEAP_LOOK = Duration.ofSeconds(15);

    private BulkBench() {}

    public static void main(String[] arguments) throws Exception {
        int lines = arguments.length > 0 ? Integer.parseInt(arguments[0]) : LINES;
        Path folder = Files.createTempDirectory("bench");
        try (Deployment deployment = Deployment.start(Deployment.ONE_PARTITION)) {
            Deployment.Frontend frontend = deployment.frontend(HEAP);
            deployment.worker(new NullPainter(ModelDescriptor.read(BenchModel.TINY)));
            BatchClient client = new BatchClient(frontend.api(), deployment.key());
            // What runs for the first time is compiled meanwhile.
            client.await(client.create(client.upload(BatchClient.input(folder.resolve("warm-up.jsonl"), 500))));
            run(client, frontend, folder, lines).print(System.out);
        }
        // Kafka and HTTP clients leave threads behind for a while.
        System.exit(0);
    }

    private static Table run(BatchClient client, Deployment.Frontend frontend, Path folder, int lines)
            throws IOException, InterruptedException {
        Path input = BatchClient.input(folder.resolve("input.jsonl"), lines);
        Duration processor = frontend.process().processorTime();
        long start = System.nanoTime();
        String file = client.upload(input);
        double upload = secondsSince(start);

        long created = System.nanoTime();
        String id = client.create(file);
        double validated = -1;
        double ended = -1;
        double heap = 0;
        long heapAt = created;
        JsonNode batch = client.batch(id);
        while (!batch.path("status").asText().equals("completed")) {
            String status = batch.path("status").asText();
            if (!UNDER_WAY.contains(status)) {
                throw new IOException("not completed: " + batch);
            }
            if (validated < 0 && !status.equals("validating")) {
                validated = secondsSince(created);
            }
            if (ended < 0 && status.equals("finalizing")) {
                ended = secondsSince(created);
            }
            if (System.nanoTime() - heapAt > HEAP_LOOK.toNanos()) {
                heapAt = System.nanoTime();
                heap = Math.max(heap, frontend.process().heapMegabytes());
            }
            Thread.sleep(LOOK.toMillis());
            batch = client.batch(id);
        }
        double whole = secondsSince(created);
        Duration used = frontend.process().processorTime().minus(processor);
        // Once more, for batches that are done before the first look.
        heap = Math.max(heap, frontend.process().heapMegabytes());
        Path output = client.download(batch.path("output_file_id").asText(), folder.resolve("output.jsonl"));
        requireExact(output, lines);
        return new Table(String.format(Locale.ROOT, "one batch of %,d lines", lines), "")
                .row("upload of " + Files.size(input) / 1_000_000 + " MB", seconds(upload))
                .row("accepted and validated", seconds(validated))
                .row("all lines ended", ended < 0 ? "-" : seconds(ended))
                .row("output file written", seconds(whole))
                .row("lines a second, from the request to the output file", Math.round(lines / whole))
                .row("heap of the frontend, " + HEAP + ", after collections at most", Math.round(heap) + " MB")
                .row("processor time of the frontend a line", Math.round(used.toNanos() / 1e3 / lines) + " µs")
                .row("output file", Files.size(output) / 1_000_000 + " MB, exact");
    }

    /** Each line is there once, succeeded, and has the picture of its own seed. */
    private static void requireExact(Path output, int lines) throws IOException {
        BitSet seen = new BitSet();
        try (BufferedReader reader = Files.newBufferedReader(output)) {
            for (String text = reader.readLine(); text != null; text = reader.readLine()) {
                JsonNode line = Json.read(text.getBytes(StandardCharsets.UTF_8), JsonNode.class);
                int number = Integer.parseInt(line.path("custom_id").asText().substring("line-".length()));
                JsonNode pictures = line.at("/response/body/data");
                if (seen.get(number)
                        || line.at("/response/status_code").asInt() != 200
                        || pictures.size() != 1
                        || pictures.at("/0/seed").asInt() != number
                        || pictures.at("/0/url").asText().isEmpty()) {
                    throw new IOException("the output is not exact: " + text);
                }
                seen.set(number);
            }
        }
        if (seen.cardinality() != lines) {
            throw new IOException("the output has " + seen.cardinality() + " lines");
        }
    }

    private static double secondsSince(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static String seconds(double seconds) {
        return String.format(Locale.ROOT, "%.1f s", seconds);
    }
}
