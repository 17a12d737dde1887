package dev.thunderhead.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.thunderhead.model.ModelDescriptor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * How long a batch stands still when the frontend that feeds it is killed: from {@code kill -9} until another one has
 * written the next results. Goal: at most 10 s. And how long a batch takes to be cancelled. Goal: at most 10 s.
 */
final class TakeoverBench {
    private static final int LINES = 20_000;
    private static final int TURNS = 3;
    private static final Pattern CHOSEN = Pattern.compile("event=feeder chosen=true");

    private TakeoverBench() {}

    public static void main(String[] arguments) throws Exception {
        Path input = BatchClient.input(BenchFolder.create().resolve("input.jsonl"), LINES);
        Table table = new Table(
                "turn",
                "`kill -9` of the feeding frontend to the next results",
                String.format(Locale.ROOT, "cancelling to cancelled, %,d lines", LINES));
        for (int turn = 1; turn <= TURNS; turn++) {
            try (Deployment deployment = Deployment.start(Deployment.ONE_PARTITION)) {
                Deployment.Frontend feeder = deployment.frontend();
                feeder.process().awaitLine(CHOSEN);
                BatchClient client = new BatchClient(deployment.frontend().api(), deployment.key());
                deployment.worker(new NullPainter(ModelDescriptor.read(BenchModel.TINY)));
                String id = client.create(client.upload(input));
                awaitMore(client, id, 1_000);

                long killed = System.nanoTime();
                feeder.process().kill();
                awaitMore(client, id, completed(client.batch(id)));
                double takeover = Seconds.since(killed);

                long cancelled = System.nanoTime();
                client.cancel(id);
                client.until(id, batch -> batch.path("status").asText().equals("cancelled"), batch -> {});
                table.row(turn, Seconds.shown(takeover), Seconds.shown(Seconds.since(cancelled)));
            }
        }
        table.print(System.out);
        // Kafka and HTTP clients leave threads behind for a while.
        System.exit(0);
    }

    private static void awaitMore(BatchClient client, String id, int than) throws IOException, InterruptedException {
        client.until(id, batch -> completed(batch) > than, batch -> {});
    }

    private static int completed(JsonNode batch) {
        return batch.at("/request_counts/completed").asInt();
    }
}
