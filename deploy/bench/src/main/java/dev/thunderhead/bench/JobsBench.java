package dev.thunderhead.bench;

/** What jobs cost apart from rendering them: to submit them, to wait for them, and to hear of their end. */
final class JobsBench {
    private JobsBench() {}

    public static void main(String[] arguments) throws Exception {
        SubmitBench.run().print(System.out);
        for (Table table : LongPollBench.run()) {
            table.print(System.out);
        }
        // Vert.x and Kafka leave threads behind for a while.
        System.exit(0);
    }
}
