package dev.thunderhead.lifecycle;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What has been opened, in order. Closes everything in reverse order, whatever fails on the way; the first failure is
 * thrown with the later ones suppressed onto it. An interrupt waits until everything is closed. Thread-safe by its own
 * lock.
 */
public final class Closer implements AutoCloseable {
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    public synchronized <T extends AutoCloseable> T add(T resource) {
        open.push(resource);
        return resource;
    }

    /** A second call does nothing. */
    @Override
    public synchronized void close() throws IOException {
        IOException first = null;
        boolean interrupted = Thread.interrupted();
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception problem) {
                interrupted |= problem instanceof InterruptedException || Thread.interrupted();
                if (first == null) {
                    first = problem instanceof IOException known
                            ? known
                            : new IOException(problem.getMessage(), problem);
                } else {
                    first.addSuppressed(problem);
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (first != null) {
            throw first;
        }
    }

    /** Closes everything since something else failed; what fails now is suppressed onto that. */
    public void closeAfter(Exception problem) {
        try {
            close();
        } catch (IOException later) {
            problem.addSuppressed(later);
        }
    }
}
