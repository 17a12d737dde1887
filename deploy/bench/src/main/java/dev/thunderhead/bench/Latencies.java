package dev.thunderhead.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Measured times in milliseconds, and their percentiles. Not thread-safe. */
final class Latencies {
    private final List<Double> millis = new ArrayList<>();

    void add(double time) {
        millis.add(time);
    }

    /** The nearest-rank percentile, 0 to 100. */
    double percentile(double percent) {
        List<Double> sorted = new ArrayList<>(millis);
        Collections.sort(sorted);
        int rank = (int) Math.ceil(percent / 100 * sorted.size());
        return sorted.get(Math.max(0, rank - 1));
    }

    /** Written with one decimal. */
    String shown(double percent) {
        return String.format(Locale.ROOT, "%.1f", percentile(percent));
    }
}
