package dev.thunderhead.render.encode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thunderhead.model.ImageSize;
import dev.thunderhead.render.pipeline.Fidelity;
import dev.thunderhead.render.pipeline.Raster;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.imageio.ImageIO;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;

class PngEncoderProperties {
    private static final ExecutorService HELPERS = Executors.newFixedThreadPool(2);

    @AfterContainer
    static void stop() {
        HELPERS.shutdown();
    }

    @Property(tries = 200)
    void everyPictureIsReadBackPixelForPixel(
            @ForAll Pictures.Kind kind,
            @ForAll @IntRange(min = 1, max = 300) int width,
            @ForAll @IntRange(min = 1, max = 300) int height,
            @ForAll @IntRange(min = 1, max = 9) int stripes,
            @ForAll long seed)
            throws IOException {
        ImageSize size = new ImageSize(width, height);
        Raster raster = Pictures.raster(kind, size, seed);
        PngEncoder encoder = new PngEncoder(HELPERS, stripes, 1);

        BufferedImage read = ImageIO.read(new ByteArrayInputStream(encoder.encode(raster, Pictures.provenance(size))));

        assertThat(Fidelity.bytes(read)).isEqualTo(Fidelity.bytes(raster));
    }
}
