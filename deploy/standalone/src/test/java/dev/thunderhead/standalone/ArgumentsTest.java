package dev.thunderhead.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ArgumentsTest {
    @Test
    void optionsAndOtherWordsMayComeInAnyOrder() {
        Arguments arguments = parse("--seed", "7", "a cat", "--out=a=b.png");
        assertThat(arguments.number("seed", 0, 9)).contains(7L);
        assertThat(arguments.option("out")).contains("a=b.png");
        assertThat(arguments.single("the prompt")).isEqualTo("a cat");
    }

    @Test
    void nothingIsAnOptionAfterTwoHyphens() {
        assertThat(parse("--", "--seed").single("the prompt")).isEqualTo("--seed");
    }

    @Test
    void unknownRepeatedAndUnfinishedOptionsAreNamed() {
        assertRefused(() -> parse("--sead", "7"), "there is no option --sead");
        assertRefused(() -> parse("--seed", "7", "--seed", "8"), "--seed is given twice");
        assertRefused(() -> parse("--seed"), "--seed needs a value");
    }

    @Test
    void flagsHaveNoValue() {
        Arguments arguments = Arguments.parse(List.of("--retry", "a cat"), Set.of("seed"), Set.of("retry", "dry"));
        assertThat(arguments.flag("retry")).isTrue();
        assertThat(arguments.flag("dry")).isFalse();
        assertThat(arguments.single("the prompt")).isEqualTo("a cat");
        assertRefused(
                () -> Arguments.parse(List.of("--retry", "--retry"), Set.of(), Set.of("retry")),
                "--retry is given twice");
        assertRefused(
                () -> Arguments.parse(List.of("--retry=yes"), Set.of(), Set.of("retry")), "there is no option --retry");
    }

    @Test
    void numbersOutOfRangeAreRefused() {
        for (String wrong : List.of("10", "-1", "seven", "", "99999999999999999999")) {
            assertRefused(
                    () -> parse("--seed", wrong).number("seed", 0, 9), "--seed must be a whole number from 0 to 9");
        }
    }

    @Test
    void missingAndSuperfluousWordsAreRefused() {
        assertRefused(() -> parse().single("the prompt"), "the prompt is missing");
        assertRefused(() -> parse("a", "cat").single("prompt"), "there is one prompt: put it in quotes");
        assertRefused(() -> parse("cat").noOthers(), "'cat' is one word too many");
        assertRefused(() -> parse().required("seed"), "--seed must be given");
    }

    private static Arguments parse(String... words) {
        return Arguments.parse(List.of(words), Set.of("seed", "out"), Set.of());
    }

    private static void assertRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable parse, String message) {
        assertThatThrownBy(parse).isInstanceOf(UsageException.class).hasMessage(message);
    }
}
