package dev.thunderhead.render.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreviewStepsTest {
    @ParameterizedTest
    @CsvSource({
        "0, 4, ''",
        "1, 4, 2",
        "2, 4, 1 3",
        "3, 4, 1 2 3",
        "1, 8, 4",
        "2, 8, 3 5",
        "3, 8, 2 4 6",
        "1, 2, 1",
        "3, 2, 1",
        "3, 1, ''"
    })
    void areSpreadOverTheStepsAndNeverAfterTheLast(int previews, int steps, String after) {
        List<Integer> expected = after.isEmpty()
                ? List.of()
                : List.of(after.split(" ")).stream().map(Integer::valueOf).toList();
        assertThat(PreviewSteps.of(previews, steps).after()).isEqualTo(expected);
    }

    @Test
    void numberThePreviewsThatAreMade() {
        PreviewSteps steps = PreviewSteps.of(3, 8);
        assertThat(IntStream.rangeClosed(0, 8).mapToObj(steps::due).filter(OptionalInt::isPresent))
                .containsExactly(OptionalInt.of(0), OptionalInt.of(1), OptionalInt.of(2));
        assertThat(steps.due(4)).isEqualTo(OptionalInt.of(1));
    }
}
