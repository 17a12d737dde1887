package dev.thunderhead.render.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thunderhead.model.ImageSize;
import dev.thunderhead.render.TestModel;
import dev.thunderhead.render.pipeline.OnnxFile.Element;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The built-in model, with one of its graphs replaced by one that overflows. */
class SpoiledPictureTest {
    private static final List<?> LATENTS = List.of("batch", 4, "height", "width");

    @TempDir
    private Path model;

    @BeforeEach
    void copyTheModel() throws IOException {
        try (Stream<Path> files = Files.walk(TestModel.directory())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target =
                        model.resolve(TestModel.directory().relativize(file).toString());
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
        }
    }

    @Test
    void latentsThatOverflowSpoilThePictureAndEndItsBatch() throws IOException {
        Files.delete(model.resolve("unet/model.onnx"));
        new OnnxFile()
                .input("sample", Element.FLOAT, LATENTS)
                .input("timestep", Element.FLOAT, List.of("batch"))
                .input("encoder_hidden_states", Element.FLOAT, List.of("batch", 77, 96))
                .input("text_embeds", Element.FLOAT, List.of("batch", 48))
                .input("time_ids", Element.FLOAT, List.of("batch", 6))
                .node("Log", "sample", "out_sample")
                .output("out_sample", Element.FLOAT, LATENTS)
                .write(model, "unet");

        PaintedBatch painted = paint();
        assertThat(painted.pictures())
                .containsOnly(new Painted.Spoiled("the latents hold infinite or undefined values after step 0"));
        assertThat(painted.timings().steps()).hasSize(1);
    }

    @Test
    void pixelsThatOverflowSpoilThePicture() throws IOException {
        Files.delete(model.resolve("vae_decoder/model.onnx"));
        // As many numbers as three channels of 64 times the latents' area: 48 copies of 4 channels.
        List<?> pixels = List.of("batch", 192, "height", "width");
        new OnnxFile()
                .input("latent_sample", Element.FLOAT, LATENTS)
                .node("Log", "latent_sample", "logarithm")
                .node("Concat", Collections.nCopies(48, "logarithm"), "sample", Map.of("axis", 1))
                .output("sample", Element.FLOAT, pixels)
                .write(model, "vae_decoder");

        assertThat(paint().pictures())
                .containsOnly(new Painted.Spoiled("the decoded picture holds infinite or undefined values"));
    }

    private PaintedBatch paint() throws IOException {
        try (Painter painter = LightningPainter.load(model, new Device.Cpu(), 1)) {
            PaintRequest request = new PaintRequest("a cat", 1, 2, new ImageSize(128, 128));
            return painter.paint(List.of(request, request), (picture, step) -> true);
        }
    }
}
