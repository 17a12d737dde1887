package dev.thunderhead.render.encode;

import dev.thunderhead.job.OutputFormat;
import dev.thunderhead.render.pipeline.Raster;
import java.util.concurrent.Executor;

/** Writes pictures as files. Safe for any number of threads. */
public final class PictureEncoder {
    /** Below this, handing a stripe to another thread costs more than it saves. */
    private static final int LEAST_STRIPE_PIXELS = 1 << 15;

    private final PngEncoder png;
    private final JpegEncoder jpeg = new JpegEncoder();

    /**
     * @param helpers run parts of large pictures beside the calling thread; may be busy or refuse, at the cost of time
     * @param threads how many threads encode one picture at most, the calling one included, at least 1
     */
    public PictureEncoder(Executor helpers, int threads) {
        png = new PngEncoder(helpers, threads, LEAST_STRIPE_PIXELS);
    }

    /**
     * Encodes one picture.
     *
     * @param quality 0 (smallest) to 100 (best) for formats that lose detail; PNG loses none
     * @return the file
     */
    public byte[] encode(Raster raster, OutputFormat format, int quality, Provenance provenance) {
        return switch (format) {
            case PNG -> png.encode(raster, provenance);
            case JPEG -> jpeg.encode(raster, quality, provenance);
        };
    }
}
