package dev.thunderhead.render.encode;

import dev.thunderhead.render.pipeline.Raster;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Some rows of a picture as an IDAT chunk. Each row is filtered by SUB (each byte less that of the pixel on its left),
 * which needs no row above and so no other stripe. Of deflate only the Huffman coding is used: on photographic content
 * searching for repetitions takes most of the time and makes the file no smaller.
 */
final class PngStripe {
    private static final byte SUB = 1;
    private static final int CHANNELS = 3;
    /** The chunk's length and type before the data, its checksum after. */
    private static final int BEFORE = 8;

    private static final int AFTER = 4;
    private static final byte[] TYPE = "IDAT".getBytes(StandardCharsets.US_ASCII);

    private final byte[] chunk;
    private final int length;
    private final Adler checksum;

    private PngStripe(byte[] chunk, int length, Adler checksum) {
        this.chunk = chunk;
        this.length = length;
        this.checksum = checksum;
    }

    /** Filters and compresses the rows from {@code from} (included) to {@code to} (excluded), at least one. */
    static PngStripe compress(Raster raster, int from, int to) {
        byte[] filtered = filter(raster, from, to);
        boolean last = to == raster.size().height();
        byte[] chunk = new byte[BEFORE + filtered.length / 4 * 3 + 64];
        int end = BEFORE;
        // Without zlib's own header and checksum, which belong to the whole stream.
        Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
        try {
            deflater.setStrategy(Deflater.HUFFMAN_ONLY);
            deflater.setInput(filtered);
            if (last) {
                deflater.finish();
            }
            int written;
            do {
                if (chunk.length - end <= AFTER) {
                    chunk = Arrays.copyOf(chunk, chunk.length / 2 * 3);
                }
                // Flushed to a whole byte, where the next stripe continues. There may be output left even when all
                // input is taken, so only a call that gives nothing is the last.
                written = deflater.deflate(
                        chunk, end, chunk.length - end - AFTER, last ? Deflater.NO_FLUSH : Deflater.SYNC_FLUSH);
                end += written;
            } while (written > 0 || !deflater.needsInput());
        } finally {
            deflater.end();
        }
        return new PngStripe(chunk, seal(chunk, end), Adler.of(filtered, filtered.length));
    }

    private static byte[] filter(Raster raster, int from, int to) {
        int rowBytes = CHANNELS * raster.size().width();
        byte[] row = new byte[rowBytes];
        byte[] filtered = new byte[(to - from) * (rowBytes + 1)];
        int target = 0;
        for (int y = from; y < to; y++) {
            raster.copyRow(y, row, 0);
            filtered[target++] = SUB;
            System.arraycopy(row, 0, filtered, target, CHANNELS);
            for (int i = CHANNELS; i < rowBytes; i++) {
                filtered[target + i] = (byte) (row[i] - row[i - CHANNELS]);
            }
            target += rowBytes;
        }
        return filtered;
    }

    /** Writes length, type and checksum around the data, and returns the chunk's whole length. */
    private static int seal(byte[] chunk, int end) {
        ByteBuffer buffer = ByteBuffer.wrap(chunk);
        buffer.putInt(end - BEFORE).put(TYPE);
        CRC32 crc = new CRC32();
        crc.update(chunk, Integer.BYTES, end - Integer.BYTES);
        buffer.putInt(end, (int) crc.getValue());
        return end + AFTER;
    }

    /** Bytes of the chunk. */
    int length() {
        return length;
    }

    void writeTo(ByteArrayOutputStream file) {
        file.write(chunk, 0, length);
    }

    /** Of the filtered rows, for the end of the stream. */
    Adler checksum() {
        return checksum;
    }
}
