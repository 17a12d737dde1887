package dev.thunderhead.bench;

import java.util.Locale;

/** Spans of time, in seconds. */
final class Seconds {
    private Seconds() {}

    /** Since a moment of {@link System#nanoTime}. */
    static double since(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    /** Written with one decimal and the unit. */
    static String shown(double seconds) {
        return String.format(Locale.ROOT, "%.1f s", seconds);
    }
}
