package dev.thunderhead.render.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thunderhead.model.ImageSize;
import dev.thunderhead.render.pipeline.Fidelity;
import dev.thunderhead.render.pipeline.Raster;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JpegEncoderTest {
    private static final ImageSize SIZE = new ImageSize(200, 120);
    private final JpegEncoder encoder = new JpegEncoder();

    @ParameterizedTest
    @CsvSource({"200,120", "1,1", "641,1", "17,33"})
    void isReadBackAlmostUnchanged(int width, int height) throws IOException {
        Raster raster = Pictures.raster(Pictures.Kind.GRADIENT, new ImageSize(width, height), 1);
        BufferedImage read = read(encode(raster, 100));
        assertThat(Fidelity.peakSignalToNoise(Fidelity.bytes(read), Fidelity.bytes(raster)))
                .isGreaterThan(40);
    }

    @Test
    void keepsTheColoursApart() throws IOException {
        float[] samples = new float[3 * 64];
        Arrays.fill(samples, 0, 64, 1);
        Arrays.fill(samples, 64, 192, -1);
        int rgb =
                read(encode(Raster.ofFloats(new ImageSize(8, 8), samples), 100)).getRGB(4, 4);
        assertThat((rgb >> 16) & 0xff).isGreaterThan(250);
        assertThat(rgb & 0xffff).isLessThan(0x0500);
    }

    @Test
    void betterQualityTakesMoreBytes() {
        Raster raster = Pictures.raster(Pictures.Kind.RANDOM, SIZE, 1);
        int worst = encode(raster, 0).length;
        int middle = encode(raster, 50).length;
        int best = encode(raster, 100).length;
        assertThat(worst).isLessThan(middle);
        assertThat(middle).isLessThan(best);
        assertThatThrownBy(() -> encode(raster, 101)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void saysWhereThePictureComesFromRightAfterTheHeader() {
        byte[] file = encode(Pictures.raster(Pictures.Kind.FLAT, SIZE, 1), 80);
        String text = new String(file, StandardCharsets.ISO_8859_1);
        // Start of image, the JFIF segment of 16 bytes, then APP1.
        assertThat(text).startsWith("\u00ff\u00d8\u00ff\u00e0\u0000\u0010JFIF");
        assertThat(text.substring(20)).startsWith("\u00ff\u00e1");
        assertThat(text.indexOf("http://ns.adobe.com/xap/1.0/\0<?xpacket")).isEqualTo(24);
        assertThat(text).contains(Xmp.SOURCE_TYPE);
    }

    @Test
    void refusesAPromptThatNoSegmentHolds() {
        Provenance provenance = new Provenance("m", "b", 1, 4, SIZE, Optional.of("&".repeat(14_000)));
        Raster raster = Pictures.raster(Pictures.Kind.FLAT, SIZE, 1);
        assertThatThrownBy(() -> encoder.encode(raster, 80, provenance))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("too long");
    }

    private byte[] encode(Raster raster, int quality) {
        return encoder.encode(raster, quality, Pictures.provenance(raster.size()));
    }

    private static BufferedImage read(byte[] file) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(file));
    }
}
