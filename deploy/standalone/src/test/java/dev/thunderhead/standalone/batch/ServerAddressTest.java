package dev.thunderhead.standalone.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerAddressTest {
    @Test
    void theVersionThatSdksWantMayStandAtTheEnd() {
        for (String end : new String[] {"", "/", "/v1", "/v1/"}) {
            assertThat(ServerAddress.parse("https://pictures.example:8443" + end)
                            .base())
                    .isEqualTo("https://pictures.example:8443");
        }
        assertThat(ServerAddress.parse("https://example.com/thunderhead/v1").base())
                .isEqualTo("https://example.com/thunderhead");
    }

    @Test
    void onlyLoopbackIsThisMachine() {
        assertThat(ServerAddress.LOCAL.isLocal()).isTrue();
        assertThat(ServerAddress.parse("http://localhost:8080").isLocal()).isTrue();
        assertThat(ServerAddress.parse("http://[::1]:8080").isLocal()).isTrue();
        assertThat(ServerAddress.parse("http://127.0.0.1.example.com").isLocal())
                .isFalse();
        assertThat(ServerAddress.parse("http://localhost@example.com").isLocal())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "127.0.0.1:8080", "ftp://x", "http://", "http://x y", "http://x?y=z", "file:///etc"})
    void otherAddressesAreRefused(String text) {
        assertThatThrownBy(() -> ServerAddress.parse(text))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("is no server's address");
    }
}
