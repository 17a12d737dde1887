package dev.thunderhead.render.encode;

import dev.thunderhead.model.ImageSize;
import dev.thunderhead.render.pipeline.Raster;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.zip.CRC32;

/**
 * Writes PNG files (ISO/IEC 15948), 8 bits of red, green and blue, several times as fast as ImageIO and smaller: see
 * {@link PngStripe} for why. A picture is cut into stripes of rows, which are filtered and compressed side by side and
 * make one zlib stream. Safe for any number of threads.
 */
final class PngEncoder {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    /** Deflate with a 32 KiB window, no dictionary. */
    private static final byte[] ZLIB_HEADER = {0x78, 0x01};

    private static final byte EIGHT_BITS = 8;
    private static final byte RED_GREEN_BLUE = 2;

    private final Executor helpers;
    private final int threads;
    private final int leastPixels;

    /**
     * @param helpers run stripes beside the calling thread; may be busy or refuse
     * @param threads how many stripes a picture is cut into at most, at least 1
     * @param leastPixels how many pixels a stripe has at least, when there is more than one
     */
    PngEncoder(Executor helpers, int threads, int leastPixels) {
        if (threads < 1 || leastPixels < 1) {
            throw new IllegalArgumentException("at least one thread, and one pixel a stripe");
        }
        this.helpers = helpers;
        this.threads = threads;
        this.leastPixels = leastPixels;
    }

    byte[] encode(Raster raster, Provenance provenance) {
        List<PngStripe> stripes = compress(raster, stripes(raster.size()));
        int size = 1024 + stripes.stream().mapToInt(PngStripe::length).sum();
        ByteArrayOutputStream file = new ByteArrayOutputStream(size);
        file.writeBytes(SIGNATURE);
        writeChunk(file, "IHDR", header(raster.size()));
        writeChunk(file, "iTXt", text("XML:com.adobe.xmp", Xmp.packet(provenance)));
        writeChunk(file, "IDAT", ZLIB_HEADER);
        Adler checksum = Adler.EMPTY;
        for (PngStripe stripe : stripes) {
            stripe.writeTo(file);
            checksum = checksum.then(stripe.checksum());
        }
        writeChunk(file, "IDAT", ByteBuffer.allocate(4).putInt(checksum.value()).array());
        writeChunk(file, "IEND", new byte[0]);
        return file.toByteArray();
    }

    private int stripes(ImageSize size) {
        long worthwhile = Math.max(1, size.pixels() / leastPixels);
        return (int) Math.min(Math.min(threads, size.height()), worthwhile);
    }

    /**
     * Compresses the stripes on the helpers and on this thread. This thread begins each stripe that nobody else has
     * begun, so it never waits for a helper that is not at work, be it that all are busy or that they wait here as well.
     */
    private List<PngStripe> compress(Raster raster, int count) {
        List<FutureTask<PngStripe>> tasks = new ArrayList<>();
        int height = raster.size().height();
        for (int i = 0; i < count; i++) {
            int from = (int) ((long) height * i / count);
            int to = (int) ((long) height * (i + 1) / count);
            tasks.add(new FutureTask<>(() -> PngStripe.compress(raster, from, to)));
        }
        // The helpers start at the far end, this thread at the near one.
        for (int i = count - 1; i > 0; i--) {
            try {
                helpers.execute(tasks.get(i));
            } catch (RejectedExecutionException busy) {
                break;
            }
        }
        tasks.forEach(FutureTask::run);
        return tasks.stream().map(PngEncoder::result).toList();
    }

    private static PngStripe result(FutureTask<PngStripe> task) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException interruption) {
                    // The stripe is ready in milliseconds, and half a picture is of no use.
                    interrupted = true;
                } catch (ExecutionException failure) {
                    throw new IllegalStateException("a stripe could not be compressed", failure.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static byte[] header(ImageSize size) {
        ByteBuffer header = ByteBuffer.allocate(13);
        header.putInt(size.width()).putInt(size.height()).put(EIGHT_BITS).put(RED_GREEN_BLUE);
        return header.array();
    }

    /** International text, uncompressed, in no particular language. */
    private static byte[] text(String keyword, byte[] text) {
        byte[] name = keyword.getBytes(StandardCharsets.ISO_8859_1);
        return ByteBuffer.allocate(name.length + 5 + text.length)
                .put(name)
                .put(new byte[5])
                .put(text)
                .array();
    }

    private static void writeChunk(ByteArrayOutputStream file, String type, byte[] data) {
        ByteBuffer chunk = ByteBuffer.allocate(data.length + 12);
        chunk.putInt(data.length).put(type.getBytes(StandardCharsets.US_ASCII)).put(data);
        CRC32 crc = new CRC32();
        crc.update(chunk.array(), 4, data.length + 4);
        chunk.putInt((int) crc.getValue());
        file.writeBytes(chunk.array());
    }
}
