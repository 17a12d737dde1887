package dev.thunderhead.frontend.http;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A request's body on its way from the event loop to the one thread that reads it. Asks for as much as is read,
 * so that of a body of any length only {@value #MOST} buffers wait here, and the client waits when the reader does.
 *
 * <p>Whoever fills it says when it has failed: a reader waits as long as there is neither more, nor the end, nor a failure.
 */
final class BodyPipe extends InputStream {
    /** How many buffers are asked for ahead of the reader, each of up to 8 KiB. */
    static final int MOST = 8;

    private static final byte[] NOTHING = {};

    private final ReadStream<Buffer> source;
    private final Context loop;
    private final Deque<byte[]> waiting = new ArrayDeque<>();
    private boolean full;
    private long fullSince;
    private Duration waited = Duration.ZERO;
    private boolean ended;
    private boolean closed;
    private @Nullable Throwable failure;
    // The reader's own.
    private byte[] current = NOTHING;
    private int position;

    /**
     * Begins to fill the pipe; to be called on the event loop.
     *
     * @param source not read by anybody else
     */
    BodyPipe(ReadStream<Buffer> source, Context loop) {
        this.source = source;
        this.loop = loop;
        source.pause();
        source.handler(this::write);
        source.endHandler(end -> end());
        source.fetch(MOST);
    }

    private synchronized void write(Buffer buffer) {
        if (!closed && failure == null) {
            waiting.add(buffer.getBytes());
            measure();
            notifyAll();
        }
    }

    private synchronized void end() {
        ended = true;
        notifyAll();
    }

    /** Whether it is the reader that is waited for. */
    synchronized boolean isFull() {
        return full;
    }

    /** For how long the reader has been waited for since this was last asked. */
    synchronized Duration takeWaited() {
        measure();
        Duration time = waited;
        waited = Duration.ZERO;
        return time;
    }

    // To be called whenever more or less waits here.
    private synchronized void measure() {
        long now = System.nanoTime();
        if (full) {
            waited = waited.plusNanos(now - fullSince);
        }
        full = waiting.size() >= MOST;
        fullSince = now;
    }

    /** Fails whoever reads, now and from now on. What still comes is dropped. */
    void fail(Throwable problem) {
        synchronized (this) {
            if (failure == null) {
                failure = problem;
            }
            waiting.clear();
            measure();
            notifyAll();
        }
        drop();
    }

    /** Reads no more. What still comes is dropped. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            waiting.clear();
            measure();
        }
        drop();
    }

    private void drop() {
        loop.runOnContext(now -> source.resume());
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        // A buffer may be empty: at the end of a body there is one.
        while (position == current.length) {
            if (!next()) {
                return -1;
            }
        }
        int count = Math.min(length, current.length - position);
        System.arraycopy(current, position, into, offset, count);
        position += count;
        return count;
    }

    /** Takes the next buffer, and asks for another one. */
    private boolean next() throws IOException {
        synchronized (this) {
            await();
            if (failure != null) {
                throw new IOException("the body did not come in full", failure);
            }
            if (closed) {
                throw new IOException("closed");
            }
            if (waiting.isEmpty()) {
                return false;
            }
            current = waiting.remove();
            measure();
            position = 0;
        }
        loop.runOnContext(now -> source.fetch(1));
        return true;
    }

    private synchronized void await() throws IOException {
        try {
            while (waiting.isEmpty() && !ended && !closed && failure == null) {
                wait();
            }
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a body came");
        }
    }
}
