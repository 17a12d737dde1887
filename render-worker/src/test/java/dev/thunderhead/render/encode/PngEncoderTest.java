package dev.thunderhead.render.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.thunderhead.model.ImageSize;
import dev.thunderhead.render.pipeline.Fidelity;
import dev.thunderhead.render.pipeline.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PngEncoderTest {
    private static final ImageSize SIZE = new ImageSize(257, 129);

    @ParameterizedTest
    @EnumSource(Pictures.Kind.class)
    void theStripesDoNotShow(Pictures.Kind kind) throws IOException {
        Raster raster = Pictures.raster(kind, SIZE, 1);
        for (int stripes : List.of(1, 2, 129, 1000)) {
            assertReadBack(new PngEncoder(Runnable::run, stripes, 1), raster);
        }
    }

    @Test
    void aPictureOneRowHighIsWritten() throws IOException {
        assertReadBack(
                new PngEncoder(Runnable::run, 4, 1), Pictures.raster(Pictures.Kind.RANDOM, new ImageSize(1023, 1), 1));
    }

    @Test
    void theSamePictureGivesTheSameFile() {
        ExecutorService helpers = Executors.newFixedThreadPool(3);
        try {
            PngEncoder encoder = new PngEncoder(helpers, 4, 1);
            Raster raster = Pictures.raster(Pictures.Kind.GRADIENT, SIZE, 1);
            byte[] first = encoder.encode(raster, Pictures.provenance(SIZE));
            for (int i = 0; i < 20; i++) {
                assertThat(encoder.encode(raster, Pictures.provenance(SIZE))).isEqualTo(first);
            }
        } finally {
            helpers.shutdown();
        }
    }

    @Test
    void needsNoHelper() throws IOException {
        PngEncoder encoder = new PngEncoder(
                stripe -> {
                    throw new RejectedExecutionException("stopped");
                },
                4,
                1);
        assertReadBack(encoder, Pictures.raster(Pictures.Kind.GRADIENT, SIZE, 1));
    }

    @Test
    void encodersThatShareTheirThreadsWithTheirHelpersDoNotWaitForEachOther() {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            PngEncoder encoder = new PngEncoder(threads, 8, 1);
            Raster raster = Pictures.raster(Pictures.Kind.RANDOM, SIZE, 1);
            List<Callable<byte[]>> pictures = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                pictures.add(() -> encoder.encode(raster, Pictures.provenance(SIZE)));
            }
            assertTimeoutPreemptively(Duration.ofSeconds(30), () -> {
                for (Future<byte[]> picture : threads.invokeAll(pictures)) {
                    assertThat(picture.get()).isNotEmpty();
                }
            });
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void saysWhereThePictureComesFrom() throws IOException {
        byte[] file = new PngEncoder(Runnable::run, 1, 1)
                .encode(Pictures.raster(Pictures.Kind.FLAT, SIZE, 1), Pictures.provenance(SIZE));
        ImageReader reader = ImageIO.getImageReadersByFormatName("png").next();
        reader.setInput(ImageIO.createImageInputStream(new ByteArrayInputStream(file)));
        var text = ((org.w3c.dom.Element) reader.getImageMetadata(0).getAsTree("javax_imageio_png_1.0"))
                .getElementsByTagName("iTXtEntry");

        assertThat(text.getLength()).isEqualTo(1);
        var entry = (org.w3c.dom.Element) text.item(0);
        assertThat(entry.getAttribute("keyword")).isEqualTo("XML:com.adobe.xmp");
        assertThat(entry.getAttribute("text")).contains(Xmp.SOURCE_TYPE);
    }

    private static void assertReadBack(PngEncoder encoder, Raster raster) throws IOException {
        byte[] file = encoder.encode(raster, Pictures.provenance(raster.size()));
        assertThat(Fidelity.bytes(ImageIO.read(new ByteArrayInputStream(file)))).isEqualTo(Fidelity.bytes(raster));
    }
}
