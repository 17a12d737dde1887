package dev.thunderhead.render.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.platform.Fp16Conversions;
import dev.thunderhead.model.ImageSize;
import org.junit.jupiter.api.Test;

class RasterTest {
    private static final ImageSize SIZE = new ImageSize(2, 1);
    private static final float[] SAMPLES = {-1, 1, 0, 5, -5, 0.5f};

    @Test
    void clampsAndRoundsToBytes() {
        assertThat(Fidelity.bytes(Raster.ofFloats(SIZE, SAMPLES))).containsExactly(0, 128, 0, 255, 255, 191);
    }

    @Test
    void halvesGiveTheSameBytes() {
        short[] halves = new short[SAMPLES.length];
        for (int i = 0; i < halves.length; i++) {
            halves[i] = Fp16Conversions.floatToFp16(SAMPLES[i]);
        }
        assertThat(Fidelity.bytes(Raster.ofHalves(SIZE, halves)))
                .isEqualTo(Fidelity.bytes(Raster.ofFloats(SIZE, SAMPLES)));
    }

    @Test
    void seesASingleValueThatIsNotFinite() {
        assertThat(Raster.ofFloats(SIZE, SAMPLES).isFinite()).isTrue();
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            assertThat(Raster.ofFloats(SIZE, new float[] {0, 0, 0, 0, 0, bad}).isFinite())
                    .isFalse();
        }
        short infinite = 0x7c00;
        assertThat(Raster.ofHalves(SIZE, new short[] {0, 0, infinite, 0, 0, 0}).isFinite())
                .isFalse();
    }

    @Test
    void refusesTooFewSamples() {
        assertThatThrownBy(() -> Raster.ofFloats(SIZE, new float[5])).isInstanceOf(IllegalArgumentException.class);
    }
}
