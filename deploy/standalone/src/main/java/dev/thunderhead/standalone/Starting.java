package dev.thunderhead.standalone;

import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * A part that starts on a thread of its own. Closing it interrupts a start that has not finished, waits for its end, and
 * closes what was started. Thread-safe.
 */
final class Starting<T extends AutoCloseable> implements AutoCloseable {
    private final FutureTask<T> task;
    private final Thread thread;

    private Starting(String part, Callable<T> start) {
        this.task = new FutureTask<>(start);
        this.thread = new Thread(task, "start-" + part);
        thread.setDaemon(true);
    }

    /** @param start returns when the part stands; must clean up after itself when it fails or is interrupted */
    static <T extends AutoCloseable> Starting<T> begin(String part, Callable<T> start) {
        Starting<T> starting = new Starting<>(part, start);
        starting.thread.start();
        return starting;
    }

    /**
     * Waits until the part stands.
     *
     * @throws IOException when it did not start; the message is for the user
     */
    T await() throws IOException, InterruptedException {
        try {
            return task.get();
        } catch (ExecutionException problem) {
            Throwable cause = Objects.requireNonNullElse(problem.getCause(), problem);
            throw new IOException(Objects.requireNonNullElse(cause.getMessage(), cause.toString()), problem);
        }
    }

    /**
     * @throws IOException when the part did not close, or when this thread was interrupted meanwhile: the part may still
     *     be there then
     */
    @Override
    public void close() throws IOException {
        if (!task.isDone()) {
            thread.interrupt();
        }
        try {
            task.get().close();
        } catch (ExecutionException neverStarted) {
            // It has cleaned up after itself, and whoever awaits it knows.
        } catch (InterruptedException problem) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while stopping", problem);
        } catch (Exception problem) {
            throw problem instanceof IOException known ? known : new IOException(problem.getMessage(), problem);
        }
    }
}
