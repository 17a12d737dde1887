package dev.thunderhead.frontend.batch;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Collection;
import java.util.Deque;
import java.util.Optional;

/**
 * Gives a batch's lines out in their order, reading the file page by page, one page at a time. Belongs to the feeder's
 * thread, which has the pages read by others.
 */
final class LineSource {
    /** How many lines may be queued before the batch's record has to say so again. */
    private static final int LEAST_RESERVE = 256;

    private static final double RESERVE_SECONDS = 2;
    /** With fewer lines at hand, the next page is read. */
    private static final int AT_HAND = 64;

    private final int lines;
    private final int inDoubt;
    private final Deque<Integer> pages = new ArrayDeque<>();
    private final Deque<LoadedLine> ready = new ArrayDeque<>();
    private int reading = -1;
    private int reserved;
    private int furthest;
    private boolean stopped;

    /**
     * @param lines how many the file has
     * @param done those that need nothing
     * @param reserved lines up to this one may have been queued
     */
    LineSource(Plan plan, int lines, BitSet done, int reserved) {
        this.lines = lines;
        this.inDoubt = reserved;
        this.reserved = reserved;
        for (int page = 0; page < plan.pages().size(); page++) {
            int next =
                    page + 1 < plan.pages().size() ? plan.pages().get(page + 1).line() : lines + 1;
            if (done.nextClearBit(plan.pages().get(page).line()) < next) {
                pages.add(page);
            }
        }
    }

    /** The page to read next, if it is time to read one; it counts as being read from now on. */
    Optional<Integer> nextPage() {
        if (reading >= 0 || ready.size() >= AT_HAND || pages.isEmpty()) {
            return Optional.empty();
        }
        reading = pages.remove();
        return Optional.of(reading);
    }

    /** Lines up to this one may have been queued by an earlier feeder. */
    int inDoubt() {
        return inDoubt;
    }

    /** The page has been read; those of its lines of which nothing was queued. */
    void read(Collection<LoadedLine> fresh) {
        reading = -1;
        if (!stopped) {
            ready.addAll(fresh);
        }
    }

    /** The page could not be read; it comes again. */
    void notRead() {
        pages.addFirst(reading);
        reading = -1;
    }

    /** Gives no line out any more. What may have been queued is still read, so that it can be called off. */
    void stop(Plan plan) {
        stopped = true;
        ready.clear();
        pages.removeIf(page -> plan.pages().get(page).line() > inDoubt);
    }

    /** Whether everything was read and given out. */
    boolean isEmpty() {
        return reading < 0 && pages.isEmpty() && ready.isEmpty();
    }

    /** Whether a line can be given out now. */
    boolean isReady() {
        return !ready.isEmpty() && ready.element().number() <= reserved;
    }

    /** The next line. */
    LoadedLine take() {
        LoadedLine line = ready.remove();
        furthest = Math.max(furthest, line.number());
        return line;
    }

    /** Whether lines wait, or soon will, for the record to say that more may be queued. */
    boolean needsReserve() {
        return reserved < lines && !ready.isEmpty() && ready.element().number() + LEAST_RESERVE / 2 > reserved;
    }

    /** Up to which line something may be queued, once the record says so. */
    int reserve(double perSecond) {
        int next =
                ready.isEmpty() ? furthest : Math.max(furthest, ready.element().number());
        int ahead = Math.max(LEAST_RESERVE, (int) (perSecond * RESERVE_SECONDS));
        return Math.max(reserved, Math.min(lines, next + ahead));
    }

    /** The record says so. */
    void reserved(int upTo) {
        reserved = upTo;
    }
}
