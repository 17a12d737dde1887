package dev.thunderhead.bench;

import dev.thunderhead.standalone.AllInOne;
import dev.thunderhead.standalone.PictureClient;
import dev.thunderhead.standalone.RequestTimings;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a request costs besides rendering: one request at a time, built-in model, 256x256, everything in one process. Goal:
 * p50 at most 60 ms, p99 at most 200 ms.
 */
final class OverheadBench {
    private static final int WARM_UP = 40;
    private static final int REQUESTS = 300;

    private OverheadBench() {}

    public static void main(String[] arguments) throws Exception {
        Map<String, Latencies> parts = new LinkedHashMap<>();
        try (AllInOne server = BenchModel.tiny()) {
            PictureClient client = server.client();
            for (int i = 0; i < WARM_UP + REQUESTS; i++) {
                Map<String, Object> request = Map.of("prompt", "a red heart on a white background", "seed", i);
                long start = System.nanoTime();
                RequestTimings timings = client.generate(request).timings();
                double millis = (System.nanoTime() - start) / 1e6;
                if (i >= WARM_UP) {
                    measure(parts, millis, timings);
                }
            }
        }
        Table table = new Table("part", "p50 ms", "p99 ms");
        parts.forEach((part, times) -> table.row(part, times.shown(50), times.shown(99)));
        table.print(System.out);
    }

    private static void measure(Map<String, Latencies> parts, double millis, RequestTimings timings) {
        double queue = timings.of("queue");
        double encode = timings.of("encode");
        double upload = timings.of("upload");
        double overhead = millis - timings.rendering();
        add(parts, "request to response", millis);
        add(parts, "of it, the renderer's own time", timings.rendering());
        add(parts, "**overhead**", overhead);
        add(parts, "of it, queue: parse, produce, claim, company", queue);
        add(parts, "of it, PNG", encode);
        add(parts, "of it, outcome object in S3", upload);
        add(parts, "of it, event, answer, HTTP", overhead - queue - encode - upload);
    }

    private static void add(Map<String, Latencies> parts, String part, double millis) {
        parts.computeIfAbsent(part, name -> new Latencies()).add(millis);
    }
}
