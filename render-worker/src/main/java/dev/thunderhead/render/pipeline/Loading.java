package dev.thunderhead.render.pipeline;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Loads the parts of a model side by side. When it is closed before {@link #keep}, because one part failed, it frees the
 * parts that have been loaded.
 */
final class Loading implements AutoCloseable {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Deque<Future<? extends AutoCloseable>> parts = new ArrayDeque<>();

    /** Starts to load a part that has nothing to free. */
    <T> Future<T> start(Callable<T> load) {
        return threads.submit(load);
    }

    /** Starts to load a part that must be closed. */
    <T extends AutoCloseable> Future<T> open(Callable<T> load) {
        Future<T> part = threads.submit(load);
        parts.push(part);
        return part;
    }

    /** Waits for a part. */
    static <T> T await(Future<T> part) throws IOException {
        try {
            return part.get();
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof IOException problem) {
                throw problem;
            }
            throw new IOException("the model cannot be loaded: " + failure.getCause(), failure);
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the model was loaded");
        }
    }

    /** All closable parts, the last first; from now on the caller closes them. */
    Deque<AutoCloseable> keep() throws IOException {
        Deque<AutoCloseable> loaded = new ArrayDeque<>();
        for (Future<? extends AutoCloseable> part : parts) {
            loaded.add(await(part));
        }
        parts.clear();
        return loaded;
    }

    @Override
    public void close() {
        threads.shutdown();
        for (Future<? extends AutoCloseable> part : parts) {
            try {
                part.get().close();
            } catch (Exception failure) {
                // A part that failed to load has nothing to free, and its error is on the way to the caller already.
            }
        }
    }
}
