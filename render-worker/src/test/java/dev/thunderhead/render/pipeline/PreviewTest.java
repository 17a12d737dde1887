package dev.thunderhead.render.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thunderhead.model.ImageSize;
import dev.thunderhead.model.ModelDescriptor;
import dev.thunderhead.model.ModelDescriptor.LatentRgb;
import dev.thunderhead.render.TestModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a picture looks like while it is painted. */
class PreviewTest {
    private static final ImageSize SIZE = new ImageSize(256, 256);
    private static LightningPainter painter;

    /** Wants a preview after every step of the first picture alone. */
    private static final class Viewer implements StepListener {
        private final List<Raster> previews = new ArrayList<>();
        private final List<String> steps = new ArrayList<>();

        @Override
        public boolean goesOn(int picture, int step) {
            return true;
        }

        @Override
        public boolean wantsPreview(int picture, int step) {
            return picture == 0;
        }

        @Override
        public void stepDone(int picture, int step, Optional<Supplier<Raster>> preview) {
            steps.add(picture + ":" + step + (preview.isPresent() ? " with preview" : ""));
            preview.ifPresent(picturing -> previews.add(picturing.get()));
        }
    }

    @BeforeAll
    static void load() throws IOException {
        painter = LightningPainter.load(TestModel.directory(), new Device.Cpu(), 2);
    }

    @AfterAll
    static void close() {
        painter.close();
    }

    @Test
    void previewsShowThePictureToCome() {
        Viewer viewer = new Viewer();
        Raster picture = paint(viewer, "a red heart on a white background");
        Raster other = paint(new Viewer(), "a green tree at night");

        assertThat(viewer.steps)
                .containsExactly("0:0 with preview", "0:1 with preview", "0:2 with preview", "0:3 with preview");
        for (Raster preview : viewer.previews) {
            assertThat(preview.size()).isEqualTo(new ImageSize(128, 128));
            assertThat(difference(preview, picture)).isLessThan(difference(preview, other) / 2);
        }
        assertThat(difference(viewer.previews.get(3), picture)).isLessThan(difference(viewer.previews.get(0), picture));
    }

    @Test
    void onlyThePicturesThatAreAskedForHavePreviewsAndNoneLooksOtherwiseForIt() {
        List<PaintRequest> batch = List.of(request("a cat"), request("a mug"));
        Viewer viewer = new Viewer();
        List<Painted> watched = painter.paint(batch, viewer).pictures();
        List<Painted> unwatched = painter.paint(batch, (picture, step) -> true).pictures();

        assertThat(viewer.steps).contains("0:2 with preview", "1:2").hasSize(8);
        for (int i = 0; i < batch.size(); i++) {
            assertThat(Fidelity.bytes(raster(watched.get(i)))).isEqualTo(Fidelity.bytes(raster(unwatched.get(i))));
        }
    }

    @Test
    void aModelThatDoesNotTellItsColoursGivesNone() throws IOException {
        ModelDescriptor model = painter.model();
        ModelDescriptor mute = new ModelDescriptor(
                model.id(),
                model.build(),
                model.licence(),
                model.created(),
                model.ownedBy(),
                model.nativeSize(),
                model.sizes(),
                model.unets(),
                model.defaultSteps(),
                Optional.empty());
        Viewer viewer = new Viewer();
        try (LightningPainter other =
                LightningPainter.load(mute, TestModel.directory(), new ExecutionSettings(new Device.Cpu(), 2))) {
            other.paint(List.of(request("a cat")), viewer);
        }
        assertThat(viewer.steps).containsExactly("0:0", "0:1", "0:2", "0:3");
    }

    @ParameterizedTest
    @CsvSource({"128x128, 64x64", "256x384, 128x192", "512x512, 256x256", "1024x1024, 256x256", "1536x1024, 384x256"})
    void previewsAreSmallAndOfThePicturesShape(String size, String preview) {
        ImageSize picture = ImageSize.parse(size);
        float[] latents = new float[Latents.count(picture)];
        LatentRgb colours = painter.model().latentRgb().orElseThrow();
        assertThat(new LatentPreview(picture, latents, colours).get().size()).isEqualTo(ImageSize.parse(preview));
    }

    @Test
    void coloursAreTheLineOfTheLatentsAndBlendBetweenThem() {
        LatentRgb colours = new LatentRgb(
                List.of(List.of(1f, 0f, 0f), List.of(0f, 1f, 0f), List.of(0f, 0f, 1f), List.of(0f, 0f, 0f)),
                List.of(0f, 0f, -1f));
        // Two latents side by side: black-ish to red in the first channel.
        float[] latents = {-1, 1, 0, 0, 1, 1, 9, 9};
        Raster raster = new LatentPreview(new ImageSize(16, 8), latents, colours).get();

        byte[] row = new byte[3 * 8];
        raster.copyRow(0, row, 0);
        int[] red = new int[8];
        for (int x = 0; x < red.length; x++) {
            red[x] = row[3 * x] & 0xff;
            assertThat(row[3 * x + 1] & 0xff).isEqualTo(128);
            assertThat(row[3 * x + 2] & 0xff).isEqualTo(128);
        }
        assertThat(red).containsExactly(0, 0, 32, 96, 159, 223, 255, 255);
    }

    private static PaintRequest request(String prompt) {
        return new PaintRequest(prompt, 7, 4, SIZE);
    }

    private static Raster paint(StepListener listener, String prompt) {
        return raster(
                painter.paint(List.of(request(prompt)), listener).pictures().get(0));
    }

    private static Raster raster(Painted painted) {
        return ((Painted.Picture) painted).raster();
    }

    /** The mean difference of a preview from a picture twice as large, both in bytes. */
    private static double difference(Raster preview, Raster picture) {
        byte[] small = Fidelity.bytes(preview);
        byte[] large = Fidelity.bytes(picture);
        int width = preview.size().width();
        long sum = 0;
        for (int i = 0; i < small.length; i++) {
            int channel = i % 3;
            int x = i / 3 % width;
            int y = i / 3 / width;
            int at = 3 * (2 * y * 2 * width + 2 * x) + channel;
            sum += Math.abs((small[i] & 0xff) - (large[at] & 0xff));
        }
        return (double) sum / small.length;
    }
}
