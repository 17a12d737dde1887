package dev.thunderhead.frontend.batch;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.Optional;

/** Content that is made piece by piece while it is read. Not thread-safe. */
abstract class LinesStream extends InputStream {
    private byte[] piece = new byte[0];
    private int position;
    private boolean ended;

    /** The next piece; empty at the end. */
    abstract Optional<byte[]> next() throws IOException;

    private boolean advance() throws IOException {
        while (!ended && position == piece.length) {
            Optional<byte[]> following = next();
            ended = following.isEmpty();
            piece = following.orElse(new byte[0]);
            position = 0;
        }
        return !ended;
    }

    @Override
    public int read() throws IOException {
        return advance() ? piece[position++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length == 0) {
            return 0;
        }
        if (!advance()) {
            return -1;
        }
        int count = Math.min(length, piece.length - position);
        System.arraycopy(piece, position, bytes, offset, count);
        position += count;
        return count;
    }
}
