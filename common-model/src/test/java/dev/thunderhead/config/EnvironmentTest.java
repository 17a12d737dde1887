package dev.thunderhead.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentTest {
    private record Sample(String name, int count, Duration pause, URI address, List<String> parts) {
        static Sample from(Environment environment) {
            return new Sample(
                    environment.text("THUNDERHEAD_NAME"),
                    environment.number("THUNDERHEAD_COUNT", 3, 1, 10),
                    environment.duration("THUNDERHEAD_WAIT", Duration.ofSeconds(1)),
                    environment.uri("THUNDERHEAD_ADDRESS"),
                    environment.list("THUNDERHEAD_PARTS", List.of("one")));
        }
    }

    @Test
    void readsEveryForm() {
        Map<String, String> variables = Map.of(
                "THUNDERHEAD_NAME", "x",
                "THUNDERHEAD_COUNT", "10",
                "THUNDERHEAD_WAIT", "250ms",
                "THUNDERHEAD_ADDRESS", "http://localhost:9000",
                "THUNDERHEAD_PARTS", "a, b",
                "PATH", "/bin");
        assertThat(Environment.read(variables, Sample::from))
                .isEqualTo(new Sample(
                        "x", 10, Duration.ofMillis(250), URI.create("http://localhost:9000"), List.of("a", "b")));
    }

    @Test
    void optionalSettingsHaveDefaults() {
        Map<String, String> variables = Map.of("THUNDERHEAD_NAME", "x", "THUNDERHEAD_ADDRESS", "https://s3");
        assertThat(Environment.read(variables, Sample::from))
                .isEqualTo(new Sample("x", 3, Duration.ofSeconds(1), URI.create("https://s3"), List.of("one")));
    }

    @Test
    void aTimeSpanIsNotNegative() {
        Map<String, String> variables =
                Map.of("THUNDERHEAD_NAME", "x", "THUNDERHEAD_ADDRESS", "https://s3", "THUNDERHEAD_WAIT", "-5s");
        assertThatThrownBy(() -> Environment.read(variables, Sample::from))
                .hasMessageContaining("THUNDERHEAD_WAIT: must be a time span");
    }

    @Test
    void allProblemsAreToldAtOnce() {
        Map<String, String> variables = Map.of(
                "THUNDERHEAD_COUNT", "eleven",
                "THUNDERHEAD_WAIT", "soon",
                "THUNDERHEAD_ADDRESS", "localhost:9000",
                "THUNDERHEAD_COUNTS", "1");
        assertThatThrownBy(() -> Environment.read(variables, Sample::from))
                .isInstanceOf(ConfigurationException.class)
                .message()
                .hasLineCount(5)
                .contains(
                        "THUNDERHEAD_NAME: must be set",
                        "THUNDERHEAD_COUNT: must be a whole number from 1 to 10",
                        "THUNDERHEAD_WAIT: must be a time span such as 250ms, 30s, 5m or 2h",
                        "THUNDERHEAD_ADDRESS: must be an address such as http://localhost:9000",
                        "THUNDERHEAD_COUNTS: no such setting here");
    }
}
