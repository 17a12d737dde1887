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

/**
 * One batch of 50,000 lines through everything but a renderer: upload, validation, feeder, Kafka, worker, S3, output. Goals:
 * validated within 10 s, the frontend that feeds has a heap of 256 MB, at least 150 lines a second from the request for the
 * batch to its output file, and that file is exact.
 */
final class BulkBench {
    private static final int LINES = 50_000;
    private static final String HEAP = "-Xmx256m";
    private static final Duration HEAP_LOOK = Duration.ofSeconds(15);

    private BulkBench() {}

    public static void main(String[] arguments) throws Exception {
        int lines = arguments.length > 0 ? Integer.parseInt(arguments[0]) : LINES;
        Path folder = BenchFolder.create();
        try (Deployment deployment = Deployment.start(Deployment.ONE_PARTITION)) {
            Deployment.Frontend frontend = deployment.frontend(HEAP);
            deployment.worker(new NullPainter(ModelDescriptor.read(BenchModel.TINY)));
            BatchClient client = new BatchClient(frontend.api(), deployment.key());
            // What runs for the first time is compiled meanwhile.
            client.completed(
                    client.create(client.upload(BatchClient.input(folder.resolve("warm-up.jsonl"), 500))), batch -> {});
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
        double upload = Seconds.since(start);

        long created = System.nanoTime();
        String id = client.create(file);
        HeapWatch heap = new HeapWatch(frontend.process(), HEAP_LOOK);
        Milestones milestones = new Milestones(created);
        JsonNode batch = client.completed(id, seen -> {
            milestones.note(seen.path("status").asText());
            heap.look();
        });
        double whole = Seconds.since(created);
        Duration used = frontend.process().processorTime().minus(processor);
        double most = heap.megabytes();
        Path output = client.download(batch.path("output_file_id").asText(), folder.resolve("output.jsonl"));
        requireExact(output, lines);
        return new Table(String.format(Locale.ROOT, "one batch of %,d lines", lines), "")
                .row("upload of " + Files.size(input) / 1_000_000 + " MB", Seconds.shown(upload))
                .row("accepted and validated", Seconds.shown(milestones.validated))
                .row("all lines ended", Seconds.shown(milestones.ended))
                .row("output file written", Seconds.shown(whole))
                .row("lines a second, from the request to the output file", Math.round(lines / whole))
                .row("heap of the frontend, `" + HEAP + "`, after collections at most", Math.round(most) + " MB")
                .row(
                        "processor time of the frontend a line",
                        String.format(Locale.ROOT, "%.1f ms", used.toNanos() / 1e6 / lines))
                .row(
                        "output file",
                        Files.size(output) / 1_000_000
                                + " MB, exact: each line once, with the picture of its own seed");
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

    /** When a batch was first seen beyond a state, in seconds since it was created. Not thread-safe. */
    private static final class Milestones {
        private final long created;
        private double validated;
        private double ended;

        Milestones(long created) {
            this.created = created;
        }

        void note(String status) {
            double now = Seconds.since(created);
            boolean validating = status.equals("validating");
            if (validated == 0 && !validating) {
                validated = now;
            }
            if (ended == 0 && !validating && !status.equals("in_progress")) {
                ended = now;
            }
        }
    }
}
