package dev.thunderhead.standalone;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What has been started, in order. Closes everything in reverse order, whatever fails on the way; the first failure is
 * thrown with the later ones suppressed onto it. Thread-safe by its own lock.
 */
final class Resources implements AutoCloseable {
    private final Deque<AutoCloseable> started = new ArrayDeque<>();

    synchronized <T extends AutoCloseable> T add(T resource) {
        started.push(resource);
        return resource;
    }

    /** A second call does nothing. */
    @Override
    public synchronized void close() throws IOException {
        IOException first = null;
        while (!started.isEmpty()) {
            AutoCloseable resource = started.pop();
            try {
                resource.close();
            } catch (Exception problem) {
                if (problem instanceof InterruptedException) {
                    Thread.currentThread().interrupt();
                }
                if (first == null) {
                    first = new IOException(problem.getMessage(), problem);
                } else {
                    first.addSuppressed(problem);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
