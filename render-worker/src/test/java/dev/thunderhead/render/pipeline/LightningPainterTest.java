package dev.thunderhead.render.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thunderhead.model.ImageSize;
import dev.thunderhead.render.TestModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LightningPainterTest {
    private static final ImageSize SIZE = new ImageSize(192, 128);
    private static final StepListener GO_ON = (picture, step) -> true;
    private static Painter painter;

    @BeforeAll
    static void load() throws IOException {
        painter = LightningPainter.load(TestModel.directory(), new Device.Cpu(), 2);
    }

    @AfterAll
    static void close() {
        painter.close();
        painter.close();
    }

    @Test
    void aPictureInABatchIsThePictureAlone() {
        List<PaintRequest> batch = List.of(request("a red circle", 1), request("a cat", 2), request("a blue star", 3));
        List<byte[]> together = paint(batch);
        for (int i = 0; i < batch.size(); i++) {
            byte[] alone = paint(List.of(batch.get(i))).get(0);
            assertThat(Fidelity.peakSignalToNoise(together.get(i), alone)).isGreaterThanOrEqualTo(55);
        }
    }

    @Test
    void theSameBatchGivesTheSameBytes() {
        List<PaintRequest> batch = List.of(request("a green tree", 1), request("a yellow moon", -7));
        assertThat(paint(batch)).usingElementComparator(Arrays::compare).isEqualTo(paint(batch));
    }

    @Test
    void aStoppedPictureLeavesTheOthersAlone() {
        List<PaintRequest> batch = List.of(request("a cat", 1), request("a mug", 2), request("a house", 3));
        List<List<Integer>> asked = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        PaintedBatch painted = painter.paint(batch, (picture, step) -> {
            asked.get(picture).add(step);
            return picture != 1 || step < 2;
        });

        assertThat(painted.pictures().get(1)).isEqualTo(new Painted.Stopped());
        assertThat(asked).containsExactly(List.of(0, 1, 2, 3, 4), List.of(0, 1, 2), List.of(0, 1, 2, 3, 4));
        byte[] last = Fidelity.bytes(((Painted.Picture) painted.pictures().get(2)).raster());
        assertThat(Fidelity.peakSignalToNoise(last, paint(List.of(batch.get(2))).get(0)))
                .isGreaterThanOrEqualTo(55);
    }

    @Test
    void aBatchThatIsStoppedAltogetherTakesNoFurtherStep() {
        PaintedBatch painted = painter.paint(List.of(request("a cat", 1)), (picture, step) -> step < 1);
        assertThat(painted.pictures()).containsExactly(new Painted.Stopped());
        assertThat(painted.timings().steps()).hasSize(1);
    }

    @Test
    void aPictureStoppedAfterTheLastStepIsNotDecoded() {
        PaintedBatch painted = painter.paint(List.of(request("a cat", 1)), (picture, step) -> step < 4);
        assertThat(painted.pictures()).containsExactly(new Painted.Stopped());
    }

    @Test
    void refusesWhatTheModelLacks() {
        assertThatThrownBy(() -> painter.paint(List.of(), GO_ON)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> painter.paint(List.of(new PaintRequest("a cat", 1, 3, SIZE)), GO_ON))
                .hasMessage("tiny-lightning paints in [1, 2, 4, 8] steps, not in 3");
        assertThatThrownBy(() ->
                        painter.paint(List.of(new PaintRequest("a cat", 1, 4, new ImageSize(100, 128))), GO_ON))
                .hasMessageContaining("not 100x128");
        assertThatThrownBy(
                        () -> painter.paint(List.of(request("a cat", 1), new PaintRequest("a cat", 1, 2, SIZE)), GO_ON))
                .hasMessage("a batch has one step count and one size");
    }

    @Test
    void namesTheDescriptorThatIsMissing(@TempDir Path folder) {
        assertThatThrownBy(() -> LightningPainter.load(folder, new Device.Cpu(), 1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("model.json");
    }

    private static PaintRequest request(String prompt, long seed) {
        return new PaintRequest(prompt, seed, 4, SIZE);
    }

    private static List<byte[]> paint(List<PaintRequest> batch) {
        return painter.paint(batch, GO_ON).pictures().stream()
                .map(painted -> Fidelity.bytes(((Painted.Picture) painted).raster()))
                .toList();
    }
}
