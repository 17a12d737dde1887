package dev.thunderhead.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thunderhead.config.ConfigurationException;
import dev.thunderhead.config.Environment;
import dev.thunderhead.render.pipeline.Device;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {
    private static final Map<String, String> LEAST = Map.of(
            "THUNDERHEAD_KAFKA", "localhost:9092",
            "THUNDERHEAD_S3_ENDPOINT", "http://localhost:9000",
            "THUNDERHEAD_S3_ACCESS_KEY", "worker",
            "THUNDERHEAD_S3_SECRET_KEY", "worker-secret");

    @Test
    void whatIsNotSetHasADefault() {
        WorkerConfig config = Environment.read(LEAST, WorkerConfig::from);

        assertThat(config.work().batchSize()).isEqualTo(4);
        assertThat(config.work().lock()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.work().patience()).isEqualTo(Duration.ofSeconds(2));
        assertThat(config.workerId())
                .isNotEqualTo(Environment.read(LEAST, WorkerConfig::from).workerId());
    }

    @Test
    void allProblemsAreToldAtOnce() {
        Map<String, String> variables = new HashMap<>(LEAST);
        variables.remove("THUNDERHEAD_KAFKA");
        variables.put("THUNDERHEAD_BATCH_SIZE", "0");
        variables.put("THUNDERHEAD_LOCK", "soon");
        variables.put("THUNDERHEAD_PORT", "1");

        assertThatThrownBy(() -> Environment.read(variables, WorkerConfig::from))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll(
                        "THUNDERHEAD_KAFKA:",
                        "THUNDERHEAD_BATCH_SIZE:",
                        "THUNDERHEAD_LOCK:",
                        "THUNDERHEAD_PORT: no such setting");
    }

    @Test
    void modelsAreAListOfDirectories() {
        ModelSettings models = Environment.read(
                Map.of("THUNDERHEAD_MODELS", "/models/one, /models/two", "THUNDERHEAD_DEVICE", "cpu"),
                ModelSettings::from);

        assertThat(models.directories()).containsExactly(Path.of("/models/one"), Path.of("/models/two"));
        assertThat(models.device()).isEqualTo(new Device.Cpu());
        assertThat(models.threads()).isPositive();
    }
}
