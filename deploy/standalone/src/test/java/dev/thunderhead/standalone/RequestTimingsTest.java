package dev.thunderhead.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RequestTimingsTest {
    @Test
    void stepsAreSummedUpAsTheirNumberAndMean() {
        RequestTimings timings = RequestTimings.parse(
                "queue;dur=12.3, text;dur=4.0, step1;dur=10.0, step2;dur=20.0, decode;dur=5.5, total;dur=60.1");
        assertThat(timings).hasToString("queue 12 ms, text 4 ms, denoise 2 x 15 ms, decode 6 ms, total 60 ms");
    }

    @Test
    void answerWithoutTimingsHasNone() {
        assertThat(RequestTimings.parse("").millis()).isEmpty();
    }
}
