package dev.thunderhead.frontend.batch;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;

/**
 * Takes a file apart into lines. They end with LF or CR LF, the last one with either or nothing; a byte order mark before
 * the first is no part of it. What is too long for a line is passed over without being held. Not thread-safe.
 */
final class LineReader {
    /** The longest line, in bytes without its end: 1 MiB. */
    static final int LONGEST = 1 << 20;

    private static final int BUFFER = 1 << 16;
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final InputStream file;
    private int number;
    private long offset;

    /**
     * Starts in the middle of a file.
     *
     * @param file from the line's first byte on; closed by whoever opened it
     * @param number of the line, from 1
     * @param offset of its first byte in the whole file
     */
    LineReader(InputStream file, int number, long offset) {
        this.file = new BufferedInputStream(file, BUFFER);
        this.number = number;
        this.offset = offset;
    }

    /** Starts at the file's beginning. */
    LineReader(InputStream file) {
        this(file, 1, 0);
    }

    /**
     * A line.
     *
     * @param number from 1
     * @param offset of its first byte in the file
     * @param content without its end; the beginning of one that is too long
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Line(int number, long offset, byte[] content, boolean isTooLong) {
        boolean isBlank() {
            for (byte one : content) {
                if (one != ' ' && one != '\t' && one != '\r') {
                    return false;
                }
            }
            return !isTooLong;
        }
    }

    /** The next line; empty at the end of the file. */
    Optional<Line> next() throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        long start = offset;
        boolean tooLong = false;
        int one = read();
        if (one < 0) {
            return Optional.empty();
        }
        for (; one >= 0 && one != '\n'; one = read()) {
            // One more than fits, since the last may be the CR of its end.
            if (content.size() <= LONGEST) {
                content.write(one);
            } else {
                tooLong = true;
            }
        }
        byte[] bytes = trimmed(content.toByteArray(), start == 0);
        return Optional.of(new Line(number++, start, bytes, tooLong || bytes.length > LONGEST));
    }

    /** Of the first byte behind the lines read so far. */
    long offset() {
        return offset;
    }

    private int read() throws IOException {
        int one = file.read();
        if (one >= 0) {
            offset++;
        }
        return one;
    }

    private static byte[] trimmed(byte[] line, boolean first) {
        int begin = first && startsWith(line, BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
        int end = line.length > begin && line[line.length - 1] == '\r' ? line.length - 1 : line.length;
        return Arrays.copyOfRange(line, begin, end);
    }

    private static boolean startsWith(byte[] line, byte[] prefix) {
        return line.length >= prefix.length && Arrays.equals(line, 0, prefix.length, prefix, 0, prefix.length);
    }
}
