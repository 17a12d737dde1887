package dev.thunderhead.bench;

import dev.thunderhead.job.Account;
import dev.thunderhead.model.ModelDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/**
 * How batches share what bulk has, with two frontends. Two equal batches of two accounts, a second apart. Goal: they take
 * equally long within 20 %. Then a batch of ten lines, alone and behind one of 5,000 lines of the same account. Goal: at
 * most three times as long.
 */
final class BatchFairness {
    private static final Duration BATCH_TIME = Duration.ofMillis(250);
    private static final int EQUAL = 200;
    private static final int SMALL = 10;
    private static final int LARGE = 5_000;
    private static final Duration APART = Duration.ofSeconds(1);
    private static final Duration UNDER_WAY = Duration.ofSeconds(10);

    private final Path folder = BenchFolder.create();
    private final BatchClient one;
    private final BatchClient other;

    private BatchFairness(BatchClient one, BatchClient other) throws IOException {
        this.one = one;
        this.other = other;
    }

    static Table run() throws IOException, InterruptedException, ExecutionException {
        try (Deployment deployment = Deployment.start(Deployment.ONE_PARTITION)) {
            String secondKey = deployment.key(new Account("other"));
            BatchClient one = new BatchClient(deployment.frontend().api(), deployment.key());
            BatchClient other = new BatchClient(deployment.frontend().api(), secondKey);
            deployment.worker(new SleepingPainter(ModelDescriptor.read(BenchModel.TINY), BATCH_TIME));
            return new BatchFairness(one, other).measure();
        }
    }

    private Table measure() throws IOException, InterruptedException, ExecutionException {
        seconds(one, SMALL);
        seconds(other, SMALL);
        CompletableFuture<Double> first = begin(one, EQUAL);
        Thread.sleep(APART.toMillis());
        CompletableFuture<Double> second = begin(other, EQUAL);
        double longer = Math.max(first.get(), second.get());
        double difference = Math.abs(first.get() - second.get()) / longer;
        double alone = median(seconds(one, SMALL), seconds(one, SMALL), seconds(one, SMALL));
        String large = create(one, LARGE);
        Thread.sleep(UNDER_WAY.toMillis());
        double behind = seconds(one, SMALL);
        one.cancel(large);
        return new Table("batches", "seconds", "")
                .row(EQUAL + " lines", shown(first.get()), "")
                .row(
                        EQUAL + " lines of another account, a second later",
                        shown(second.get()),
                        String.format(Locale.ROOT, "difference %.0f %%", 100 * difference))
                .row(SMALL + " lines alone, median of 3", shown(alone), "")
                .row(
                        String.format(Locale.ROOT, "%d lines behind %,d of the same account", SMALL, LARGE),
                        shown(behind),
                        shown(behind / alone) + " times as long");
    }

    private static double median(double... three) {
        Arrays.sort(three);
        return three[1];
    }

    private CompletableFuture<Double> begin(BatchClient client, int lines) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return seconds(client, lines);
            } catch (IOException | InterruptedException problem) {
                throw new CompletionException(problem);
            }
        });
    }

    /** From the creation of a batch until it is completed. */
    private double seconds(BatchClient client, int lines) throws IOException, InterruptedException {
        String file = client.upload(input(lines));
        long start = System.nanoTime();
        client.completed(client.create(file), batch -> {});
        return Seconds.since(start);
    }

    private String create(BatchClient client, int lines) throws IOException, InterruptedException {
        return client.create(client.upload(input(lines)));
    }

    private Path input(int lines) throws IOException {
        return BatchClient.input(Files.createTempFile(folder, "input", ".jsonl"), lines);
    }

    private static String shown(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
