package dev.thunderhead.frontend.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ByteRangeTest {
    private static final int LENGTH = 100;
    private static final String HUGE = "9".repeat(40);

    private static ByteRange parse(String header) {
        return ByteRange.parse(header, LENGTH);
    }

    @Test
    void oneRangeIsAStretch() {
        assertThat(parse("bytes=0-0")).isEqualTo(new ByteRange.Part(0, 1));
        assertThat(parse("bytes=10-19")).isEqualTo(new ByteRange.Part(10, 20));
        assertThat(parse("bytes=99-99")).isEqualTo(new ByteRange.Part(99, 100));
        assertThat(parse("bytes=10-")).isEqualTo(new ByteRange.Part(10, 100));
        assertThat(parse("bytes=-1")).isEqualTo(new ByteRange.Part(99, 100));
        assertThat(parse(" Bytes= 10-19 ")).isEqualTo(new ByteRange.Part(10, 20));
    }

    @Test
    void whatLiesBehindTheEndIsLeftOut() {
        for (String last : List.of("99", "100", "1000", HUGE)) {
            assertThat(parse("bytes=10-" + last)).isEqualTo(new ByteRange.Part(10, 100));
        }
        for (String count : List.of("100", "101", HUGE)) {
            assertThat(parse("bytes=-" + count)).isEqualTo(new ByteRange.Part(0, 100));
        }
    }

    @Test
    void whereNothingIsLeftThereIsNoStretch() {
        for (String range : List.of("100-", "100-200", HUGE + "-", "-0")) {
            assertThat(parse("bytes=" + range)).isEqualTo(new ByteRange.Unsatisfiable());
        }
        assertThat(ByteRange.parse("bytes=0-", 0)).isEqualTo(new ByteRange.Unsatisfiable());
        assertThat(ByteRange.parse("bytes=-1", 0)).isEqualTo(new ByteRange.Unsatisfiable());
    }

    @Test
    void whatIsNoRangeAndSeveralRangesAreAllOfIt() {
        for (String header : List.of(
                "",
                "bytes",
                "bytes=",
                "bytes=-",
                "bytes=20-10",
                "bytes=0-9,20-29",
                "bytes=a-b",
                "bytes=--1",
                "lines=0-9")) {
            assertThat(parse(header)).as(header).isEqualTo(new ByteRange.Whole());
        }
    }

    @Test
    void theAnswerSaysWhichBytesOfHowMany() {
        assertThat(new ByteRange.Part(10, 20).of(LENGTH)).isEqualTo("bytes 10-19/100");
    }
}
