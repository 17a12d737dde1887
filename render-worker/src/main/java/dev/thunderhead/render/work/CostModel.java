package dev.thunderhead.render.work;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Foretells how long rendering takes, from what it took: each model has a measured time per step and pixel, where decoding
 * counts as one more step. That a batch is a little cheaper than its pictures one by one is ignored. Thread-safe.
 */
final class CostModel {
    /** How much of the difference between expected and measured is believed at once. */
    private static final double TRUST = 0.3;

    /** Nanoseconds per step and pixel, by model. */
    private final Map<String, Double> rates = new ConcurrentHashMap<>();

    /** The expected time for {@code pictures} of one kind; zero before anything of that model was measured. */
    Duration expected(Work.Kind kind, int pictures) {
        return Duration.ofNanos((long) (rates.getOrDefault(kind.model(), 0.0) * units(kind, pictures)));
    }

    /** A batch of {@code pictures} took {@code time}. */
    void measured(Work.Kind kind, int pictures, Duration time) {
        double rate = time.toNanos() / units(kind, pictures);
        rates.merge(kind.model(), rate, (known, latest) -> known + TRUST * (latest - known));
    }

    private static double units(Work.Kind kind, int pictures) {
        return (double) pictures * (kind.steps() + 1) * kind.size().pixels();
    }
}
