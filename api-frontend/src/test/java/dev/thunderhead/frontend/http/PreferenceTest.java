package dev.thunderhead.frontend.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.thunderhead.frontend.error.ApiException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PreferenceTest {
    private static Preference preference(String... headers) {
        return Preference.of(List.of(headers));
    }

    @Test
    void withoutTheHeaderACallIsSynchronous() {
        assertThat(preference()).isEqualTo(new Preference(false, Optional.empty()));
        assertThat(preference("").isAsynchronous()).isFalse();
    }

    @Test
    void bothPreferencesAreUnderstoodInOneHeaderOrTwo() {
        Preference both = new Preference(true, Optional.of(Duration.ofSeconds(10)));
        assertThat(preference("respond-async, wait=10")).isEqualTo(both);
        assertThat(preference("wait=10", "Respond-Async")).isEqualTo(both);
        assertThat(both.applied()).isEqualTo("respond-async, wait=10");
        assertThat(preference("wait=0").applied()).isEqualTo("wait=0");
        assertThat(preference("wait=60").isAsynchronous()).isTrue();
    }

    @Test
    void aHostileHeaderCostsNoMoreThanReadingIt() {
        for (String header : List.of("x".repeat(990) + "@", "a=".repeat(400) + "\"", "x".repeat(1_001))) {
            assertThat(catchThrowableOfType(ApiException.class, () -> preference(header))
                            .error()
                            .param())
                    .isEqualTo("Prefer");
        }
    }

    @Test
    void othersAreIgnored() {
        assertThat(preference("return=minimal; foo=\"some, thing\", respond-async ; x, handling=lenient"))
                .isEqualTo(new Preference(true, Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "wait",
                "wait=",
                "wait=-1",
                "wait=1e9",
                "wait=61",
                "wait=1000000000",
                "wait=1.5",
                "wait=\"x",
                "=",
                ";",
                "respond-async wait=1",
                "respond async",
                "wait=10,,;"
            })
    void whatIsMalformedIsNamed(String header) {
        assertThat(catchThrowableOfType(ApiException.class, () -> preference(header))
                        .error()
                        .param())
                .isEqualTo("Prefer");
    }
}
