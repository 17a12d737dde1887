package dev.thunderhead.frontend.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvelopeTest {
    @ParameterizedTest
    @CsvSource({"0, 0ms", "250, 250ms", "1000, 1s", "1500, 1.5s", "60000, 1m0s", "364000, 6m4s"})
    void timeSpansAreWrittenAsOpenAiWritesThem(long millis, String text) {
        assertThat(Envelope.span(Duration.ofMillis(millis))).isEqualTo(text);
    }
}
