package dev.thunderhead.bench;

import dev.thunderhead.job.Lane;
import dev.thunderhead.render.RenderWorker;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a worker's device has done for each lane, as the worker's metrics tell.
 *
 * @param time seconds of steps and decoding
 * @param rendered pictures
 */
record DeviceUse(Map<Lane, Double> time, Map<Lane, Double> rendered) {
    private static final Pattern TIME = Pattern.compile(
            "(?m)^thunderhead_worker_stage_seconds_sum\\{lane=\"(\\w+)\",stage=\"(?:step|decode)\"} (\\S+)");
    private static final Pattern PICTURES =
            Pattern.compile("(?m)^thunderhead_worker_batch_pictures_sum\\{lane=\"(\\w+)\"} (\\S+)");

    DeviceUse {
        time = Map.copyOf(time);
        rendered = Map.copyOf(rendered);
    }

    /** Until now. */
    static DeviceUse read(RenderWorker worker) throws IOException, InterruptedException {
        URI metrics = URI.create("http://127.0.0.1:" + worker.managementPort() + "/metrics");
        String body = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString())
                .body();
        return new DeviceUse(sums(TIME, body), sums(PICTURES, body));
    }

    private static Map<Lane, Double> sums(Pattern pattern, String metrics) {
        Map<Lane, Double> sums = new EnumMap<>(Lane.class);
        for (Lane lane : Lane.values()) {
            sums.put(lane, 0.0);
        }
        pattern.matcher(metrics)
                .results()
                .forEach(sum -> sums.merge(
                        Lane.valueOf(sum.group(1).toUpperCase(Locale.ROOT)),
                        Double.valueOf(sum.group(2)),
                        Double::sum));
        return sums;
    }

    /** What came after {@code earlier}. */
    DeviceUse since(DeviceUse earlier) {
        return new DeviceUse(difference(time, earlier.time), difference(rendered, earlier.rendered));
    }

    private static Map<Lane, Double> difference(Map<Lane, Double> later, Map<Lane, Double> earlier) {
        Map<Lane, Double> difference = new EnumMap<>(later);
        earlier.forEach((lane, before) -> difference.merge(lane, -before, Double::sum));
        return difference;
    }

    double seconds(Lane lane) {
        return time.getOrDefault(lane, 0.0);
    }

    double seconds() {
        return time.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    double pictures(Lane lane) {
        return rendered.getOrDefault(lane, 0.0);
    }

    double pictures() {
        return rendered.values().stream().mapToDouble(Double::doubleValue).sum();
    }
}
