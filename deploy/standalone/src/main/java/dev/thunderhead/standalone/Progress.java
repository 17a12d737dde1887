package dev.thunderhead.standalone;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;

/**
 * One line that tells, part by part, what stands already and how long it took. On a terminal the line grows as parts get
 * ready; elsewhere it is printed once, at the end. Thread-safe by its own lock.
 */
final class Progress {
    private static final String CLEAR_LINE = "\r\033[K";

    private final PrintStream console;
    private final boolean terminal;
    private final long start = System.nanoTime();
    private final StringBuilder line = new StringBuilder("starting:");

    Progress(PrintStream console, boolean terminal) {
        this.console = console;
        this.terminal = terminal;
    }

    /**
     * On the error stream, so that results can be piped away. Java cannot tell whether that is a terminal; the launcher
     * script can, and says so.
     */
    static Progress onConsole() {
        return new Progress(System.err, Boolean.getBoolean("thunderhead.terminal"));
    }

    /** Measures the start of a part. */
    <T> T timed(String part, Callable<T> work) throws Exception {
        long began = System.nanoTime();
        T result = work.call();
        done(part, Duration.ofNanos(System.nanoTime() - began));
        return result;
    }

    private synchronized void done(String part, Duration time) {
        line.append(' ').append(part).append(' ').append(seconds(time)).append(',');
        if (terminal) {
            console.print(CLEAR_LINE + line);
            console.flush();
        }
    }

    /** Ends the line: everything stands. */
    synchronized void finish() {
        String whole = line + " ready after " + seconds(Duration.ofNanos(System.nanoTime() - start));
        console.println(terminal ? CLEAR_LINE + whole : whole);
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
    }
}
