package dev.thunderhead.standalone.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PatienceTest {
    private static final Patience PATIENCE =
            new Patience(Duration.ofSeconds(1), Duration.ofMillis(500), Duration.ofSeconds(60), Duration.ofMinutes(10));

    @Test
    void pausesDoubleUpToTheLongest() {
        assertThat(PATIENCE.pause(1)).isEqualTo(Duration.ofMillis(500));
        assertThat(PATIENCE.pause(2)).isEqualTo(Duration.ofSeconds(1));
        assertThat(PATIENCE.pause(7)).isEqualTo(Duration.ofSeconds(32));
        assertThat(PATIENCE.pause(8)).isEqualTo(Duration.ofSeconds(60));
        assertThat(PATIENCE.pause(1000)).isEqualTo(Duration.ofSeconds(60));
    }
}
