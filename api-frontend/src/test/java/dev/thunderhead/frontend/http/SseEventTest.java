package dev.thunderhead.frontend.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SseEventTest {
    private static String encoded(SseEvent event) {
        return event.encode().toString(StandardCharsets.UTF_8);
    }

    @Test
    void nameIdAndDataAreLinesAndAnEmptyOneEndsTheEvent() {
        assertThat(encoded(new SseEvent(Optional.of("job.step"), Optional.of("2.0"), "{\"step\":1}")))
                .isEqualTo("event: job.step\nid: 2.0\ndata: {\"step\":1}\n\n");
    }

    @Test
    void aPlainMessageHasOnlyData() {
        assertThat(encoded(new SseEvent(Optional.empty(), Optional.empty(), "é")))
                .isEqualTo("data: é\n\n");
    }

    @Test
    void everyLineOfDataIsOneOfTheEvent() {
        assertThat(encoded(new SseEvent(Optional.empty(), Optional.empty(), "a\nb\r\n\rc")))
                .isEqualTo("data: a\ndata: b\ndata: \ndata: c\n\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"two\nlines", "two\rlines", "a\0b"})
    void aNameAndAnIdThatWouldBreakTheStreamAreRefused(String text) {
        assertThatThrownBy(() -> new SseEvent(Optional.of(text), Optional.empty(), ""))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SseEvent(Optional.empty(), Optional.of(text), ""))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aCommentIsALineThatClientsPassOver() {
        assertThat(SseEvent.comment("keep-alive").toString(StandardCharsets.UTF_8))
                .isEqualTo(": keep-alive\n\n");
    }
}
