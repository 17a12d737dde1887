package dev.thunderhead.standalone.batch;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;

/**
 * Tells how far a campaign is: on a terminal one line with a bar, rewritten as things happen, and elsewhere a line every
 * {@value #PAUSE_SECONDS} seconds. Thread-safe by its own lock.
 */
public final class CampaignProgress {
    static final int PAUSE_SECONDS = 10;
    private static final String CLEAR_LINE = "\r\033[K";
    /** A line that is wider than the terminal is cut there: one that goes on below could not be rewritten. */
    private static final String WRAP_OFF = "\033[?7l";

    private static final String WRAP_ON = "\033[?7h";
    private static final int BAR = 20;
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long REDRAW = SECOND / 10;
    /** Over so many seconds the rate is measured. */
    private static final int WINDOW = 30;

    private final PrintStream console;
    private final boolean terminal;
    private final LongSupplier nanos;
    private final Deque<Point> window = new ArrayDeque<>();
    private int total;
    private int done;
    private int failed;
    private Optional<Duration> eta = Optional.empty();
    private long drawn;
    private boolean known;
    private boolean ended;

    private record Point(long time, int ended) {}

    CampaignProgress(PrintStream console, boolean terminal, LongSupplier nanos) {
        this.console = console;
        this.terminal = terminal;
        this.nanos = nanos;
    }

    /**
     * On the error stream, so that results can be piped away. Java cannot tell whether that is a terminal; the launcher
     * script can, and says so.
     */
    public static CampaignProgress onConsole() {
        return new CampaignProgress(System.err, Boolean.getBoolean("thunderhead.terminal"), System::nanoTime);
    }

    /** Prints a line of its own. */
    public synchronized void tell(String line) {
        console.println((terminal ? CLEAR_LINE : "") + TerminalLine.of(line));
    }

    synchronized void begin(int rows, int failedAlready) {
        total = rows;
        done = 0;
        failed = failedAlready;
        window.clear();
        drawn = nanos.getAsLong();
        known = false;
        ended = false;
    }

    /** From now on only the rows count that are not there: those that have failed are painted again. */
    synchronized void again() {
        total -= done;
        done = 0;
        failed = 0;
        window.clear();
    }

    /** A row was there from an earlier run; it does not count for the rate. */
    synchronized void wasSaved() {
        done++;
    }

    synchronized void saved() {
        done++;
        draw();
    }

    synchronized void update(int failedRows, Optional<Duration> serversEta) {
        failed = failedRows;
        eta = serversEta;
        draw();
    }

    private void draw() {
        known = true;
        long now = nanos.getAsLong();
        measure(now);
        if (!ended && now - drawn >= (terminal ? REDRAW : PAUSE_SECONDS * SECOND)) {
            drawn = now;
            print(now);
        }
    }

    private void measure(long now) {
        if (window.isEmpty() || now - window.getLast().time() >= SECOND) {
            window.add(new Point(now, done + failed));
        }
        while (window.size() > 2 && now - window.getFirst().time() > WINDOW * SECOND) {
            window.removeFirst();
        }
    }

    private void print(long now) {
        if (terminal) {
            console.print(CLEAR_LINE + WRAP_OFF + bar() + " " + line(now) + WRAP_ON);
            console.flush();
        } else {
            console.println(line(now));
        }
    }

    private String bar() {
        int full = total == 0 ? 0 : (int) Math.min(BAR, (long) BAR * (done + failed) / total);
        return "[" + "#".repeat(full) + ".".repeat(BAR - full) + "]";
    }

    private String line(long now) {
        OptionalDouble rate = rate(now);
        int left = total - done - failed;
        Optional<Duration> time = eta.isPresent() || rate.orElse(0) == 0
                ? eta
                : Optional.of(Duration.ofMillis(Math.round(left / rate.getAsDouble() * 1000)));
        return String.format(Locale.ROOT, "%,d done / %,d failed / %,d", done, failed, total)
                + (rate.isPresent()
                        ? String.format(
                                Locale.ROOT, rate.getAsDouble() < 10 ? ", %.1f/s" : ", %.0f/s", rate.getAsDouble())
                        : "")
                + (left == 0
                        ? ""
                        : time.map(duration -> ", " + words(duration) + " left").orElse(""));
    }

    /** Rows a second; empty while it was not measured for a second. */
    private OptionalDouble rate(long now) {
        Point first = window.getFirst();
        return now - first.time() < SECOND
                ? OptionalDouble.empty()
                : OptionalDouble.of(
                        Math.max(0, done + failed - first.ended()) * (double) SECOND / (now - first.time()));
    }

    private static String words(Duration time) {
        if (time.toHours() > 0) {
            return time.toHours() + " h " + time.toMinutesPart() + " min";
        }
        return time.toMinutes() > 0
                ? time.toMinutes() + " min " + time.toSecondsPart() + " s"
                : time.toSeconds() + " s";
    }

    /** Ends the line that is rewritten; the last state stays, if there was any. Nothing is drawn below it any more. */
    synchronized void end() {
        if (known && !ended) {
            long now = nanos.getAsLong();
            measure(now);
            print(now);
            if (terminal) {
                console.println();
            }
        }
        ended = true;
    }
}
