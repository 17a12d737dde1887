package dev.thunderhead.frontend.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thunderhead.config.ConfigurationException;
import dev.thunderhead.config.Environment;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    @Test
    void thereAreEightTriesAndThenNoMore() {
        Random random = new Random(1);
        long[] pauses = {5, 300, 1_800, 7_200, 18_000, 36_000, 36_000};
        for (int tries = 1; tries <= pauses.length; tries++) {
            Duration pause = Schedule.STANDARD.after(tries, random).orElseThrow();
            assertThat(pause)
                    .isBetween(Duration.ofSeconds(pauses[tries - 1]), Duration.ofMillis(pauses[tries - 1] * 1_200));
        }
        assertThat(Schedule.STANDARD.after(8, random)).isEmpty();
    }

    @Test
    void pausesDifferSoThatWhatFailedTogetherComesBackApart() {
        Random random = new Random(1);
        assertThat(Schedule.STANDARD.after(2, random)).isNotEqualTo(Schedule.STANDARD.after(2, random));
    }

    @Test
    void settingsAreRead() {
        WebhookSettings settings = Environment.read(
                Map.of(
                        "THUNDERHEAD_WEBHOOK_SCHEDULE", "1s, 250ms",
                        "THUNDERHEAD_WEBHOOK_ALLOW_PRIVATE", "true",
                        "THUNDERHEAD_WEBHOOK_TIMEOUT", "20s"),
                WebhookSettings::from);
        assertThat(settings.schedule().pauses()).containsExactly(Duration.ofSeconds(1), Duration.ofMillis(250));
        assertThat(settings.reach()).isEqualTo(Reach.ANYWHERE);
        assertThat(settings.timeout()).isEqualTo(Duration.ofSeconds(20));
        assertThat(Environment.read(Map.of(), WebhookSettings::from)).isEqualTo(WebhookSettings.STANDARD);
    }

    @Test
    void wrongSettingsAreNamed() {
        assertThatThrownBy(() -> Environment.read(
                        Map.of(
                                "THUNDERHEAD_WEBHOOK_SCHEDULE", "soon",
                                "THUNDERHEAD_WEBHOOK_ALLOW_PRIVATE", "yes",
                                "THUNDERHEAD_WEBHOOK_CONCURRENCY", "0"),
                        WebhookSettings::from))
                .isInstanceOf(ConfigurationException.class)
                .message()
                .contains("THUNDERHEAD_WEBHOOK_SCHEDULE: ")
                .contains("THUNDERHEAD_WEBHOOK_ALLOW_PRIVATE: ")
                .contains("THUNDERHEAD_WEBHOOK_CONCURRENCY: ");
    }
}
