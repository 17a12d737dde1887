package dev.thunderhead.bench;

import java.util.Locale;

/**
 * Whether anybody waits for what others do in bulk, with a renderer of fixed cost: 250 ms a batch, in four steps and the
 * decoding. First between the lanes, then between batches.
 */
final class FairnessBench {
    private FairnessBench() {}

    public static void main(String[] arguments) throws Exception {
        for (Table table : LaneFairness.run()) {
            table.print(System.out);
        }
        BatchFairness.run().print(System.out);
        // Kafka and HTTP clients leave threads behind for a while.
        System.exit(0);
    }

    static String shown(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
