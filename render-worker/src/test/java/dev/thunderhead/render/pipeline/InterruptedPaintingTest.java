package dev.thunderhead.render.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thunderhead.model.ImageSize;
import dev.thunderhead.render.TestModel;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Batches that are painted between the steps of another one, by the same painter. */
class InterruptedPaintingTest {
    private static final StepListener GO_ON = (picture, step) -> true;
    private static final List<PaintRequest> BATCH =
            List.of(request("a red circle", 1, 4, "192x128"), request("a green tree", 2, 4, "192x128"));

    private static Painter painter;

    /** Does something before each step. */
    private record Interruption(Runnable work) implements StepListener {
        @Override
        public void beforeStep(int step) {
            work.run();
        }

        @Override
        public boolean goesOn(int picture, int step) {
            return true;
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

    @ParameterizedTest
    @CsvSource({"4, 192x128, 2", "4, 192x128, 1", "2, 256x256, 3", "8, 128x128, 1"})
    void bothComeOutAsIfTheyHadBeenPaintedOneAfterTheOther(int steps, String size, int pictures) {
        List<PaintRequest> urgent = new ArrayList<>();
        for (int i = 0; i < pictures; i++) {
            urgent.add(request("a cat in the snow", 100 + i, steps, size));
        }
        List<byte[]> undisturbed = bytes(painter.paint(BATCH, GO_ON));
        List<byte[]> alone = bytes(painter.paint(urgent, GO_ON));

        List<List<byte[]>> between = new ArrayList<>();
        List<byte[]> interrupted =
                bytes(painter.paint(BATCH, new Interruption(() -> between.add(bytes(painter.paint(urgent, GO_ON))))));

        assertSame(interrupted, undisturbed);
        assertThat(between).hasSize(5).allSatisfy(batch -> assertSame(batch, alone));
    }

    @Test
    void theTimeOfOthersIsNotTheBatchsOwn() {
        List<Duration> others = new ArrayList<>();
        long start = System.nanoTime();
        PaintedBatch painted = painter.paint(BATCH, new Interruption(() -> {
            long begin = System.nanoTime();
            painter.paint(BATCH, GO_ON);
            others.add(Duration.ofNanos(System.nanoTime() - begin));
        }));
        Duration all = Duration.ofNanos(System.nanoTime() - start);

        Duration between = others.stream().reduce(Duration.ZERO, Duration::plus);
        assertThat(painted.timings().steps()).hasSize(4);
        assertThat(painted.timings().total()).isPositive().isLessThanOrEqualTo(all.minus(between));
    }

    @Test
    void anotherOneThatFailsLeavesTheBatchAsItIs() {
        List<byte[]> undisturbed = bytes(painter.paint(BATCH, GO_ON));
        List<PaintRequest> failing = List.of(request("a cat", 1, 4, "192x128"));

        List<byte[]> interrupted = bytes(painter.paint(
                BATCH,
                new Interruption(() -> assertThatThrownBy(() -> painter.paint(failing, new StepListener() {
                            @Override
                            public boolean goesOn(int picture, int step) {
                                if (step == 2) {
                                    throw new PaintException("asked for", new IllegalStateException());
                                }
                                return true;
                            }
                        }))
                        .isInstanceOf(PaintException.class))));

        assertSame(interrupted, undisturbed);
    }

    @Test
    void picturesAreAskedAboutAfterTheInterruption() {
        List<String> calls = new ArrayList<>();
        PaintedBatch painted = painter.paint(BATCH, new StepListener() {
            @Override
            public void beforeStep(int step) {
                calls.add("before " + step);
            }

            @Override
            public boolean goesOn(int picture, int step) {
                calls.add(picture + " goes on " + step);
                return step < 1;
            }
        });

        assertThat(calls)
                .containsExactly("before 0", "0 goes on 0", "1 goes on 0", "before 1", "0 goes on 1", "1 goes on 1");
        assertThat(painted.pictures()).containsOnly(new Painted.Stopped());
    }

    private static PaintRequest request(String prompt, long seed, int steps, String size) {
        return new PaintRequest(prompt, seed, steps, ImageSize.parse(size));
    }

    private static void assertSame(List<byte[]> actual, List<byte[]> expected) {
        assertThat(actual.toArray()).isEqualTo(expected.toArray());
    }

    private static List<byte[]> bytes(PaintedBatch batch) {
        return batch.pictures().stream()
                .map(painted -> Fidelity.bytes(((Painted.Picture) painted).raster()))
                .toList();
    }
}
