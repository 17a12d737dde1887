package dev.thunderhead.render.pipeline.noise;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.thunderhead.render.pipeline.Golden;
import java.io.IOException;
import java.io.InputStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class TorchNoiseTest {
    /** What the golden data may differ by, should a machine without AVX2 make it anew. */
    private static final int ULPS = 2;

    @TestFactory
    Stream<DynamicTest> drawsTheNoiseOfTheGoldenPictures() throws IOException {
        return Golden.all().stream()
                .map(golden -> DynamicTest.dynamicTest(golden.name(), () -> {
                    float[] expected = golden.tensor("noise");
                    assertClose(TorchNoise.draw(golden.request().seed(), expected.length), expected);
                }));
    }

    /** Bit for bit, on a machine with AVX2: counts below a block, of whole blocks and of broken ones, with seeds beyond 32 and 63 bits. */
    @TestFactory
    Stream<DynamicTest> drawsWhatTorchDraws() throws IOException {
        try (InputStream file = TorchNoiseTest.class.getResourceAsStream("/noise.json")) {
            JsonNode rows = new ObjectMapper().readTree(file);
            assertThat(rows).isNotEmpty();
            return StreamSupport.stream(rows.spliterator(), false).map(row -> {
                String seed = row.get("seed").asText();
                JsonNode bits = row.get("bits");
                float[] expected = new float[bits.size()];
                for (int i = 0; i < expected.length; i++) {
                    expected[i] = Float.intBitsToFloat(bits.get(i).asInt());
                }
                long value = seed.startsWith("-") ? Long.parseLong(seed) : Long.parseUnsignedLong(seed);
                return DynamicTest.dynamicTest(
                        expected.length + " of seed " + seed,
                        () -> assertThat(TorchNoise.draw(value, expected.length))
                                .containsExactly(expected));
            });
        }
    }

    @Test
    void theSameSeedGivesTheSameNoise() {
        assertThat(TorchNoise.draw(1, 1000)).isEqualTo(TorchNoise.draw(1, 1000));
        assertThat(TorchNoise.draw(1, 1000)).isNotEqualTo(TorchNoise.draw(2, 1000));
    }

    private static void assertClose(float[] actual, float[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            float tolerance = ULPS * Math.ulp(expected[i]);
            assertThat(Math.abs(actual[i] - expected[i]))
                    .as("number %d: %s, expected %s", i, actual[i], expected[i])
                    .isLessThanOrEqualTo(tolerance);
        }
    }
}
