package dev.thunderhead.frontend.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
    private static final Instant NOW = Instant.parse("2026-11-08T08:49:07Z");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "30",
                " 30 ",
                "30.0",
                "Sun, 08 Nov 2026 08:49:37 GMT",
                "Sunday, 08-Nov-26 08:49:37 GMT",
                "Sun Nov  8 08:49:37 2026"
            })
    void everyFormIsRead(String header) {
        assertThat(RetryAfter.parse(header, NOW)).contains(Duration.ofSeconds(30));
    }

    @Test
    void aDateThatHasPassedMeansAtOnce() {
        assertThat(RetryAfter.parse("Sun, 08 Nov 2026 08:00:00 GMT", NOW)).contains(Duration.ZERO);
        assertThat(RetryAfter.parse("0", NOW)).contains(Duration.ZERO);
    }

    @Test
    void tooLongAWishIsCut() {
        for (String header : new String[] {"86401", "99999999999999999999", "Tue, 08 Nov 2044 08:49:37 GMT"}) {
            assertThat(RetryAfter.parse(header, NOW)).contains(RetryAfter.LONGEST);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-5", "1e9", "Sun, 31 Feb 2094", "30 s"})
    void nonsenseSaysNothing(String header) {
        assertThat(RetryAfter.parse(header, NOW)).isEmpty();
    }
}
