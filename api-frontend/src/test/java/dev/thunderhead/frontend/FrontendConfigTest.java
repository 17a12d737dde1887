package dev.thunderhead.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thunderhead.config.ConfigurationException;
import dev.thunderhead.config.Environment;
import dev.thunderhead.frontend.file.FileSettings;
import dev.thunderhead.frontend.media.MediaSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FrontendConfigTest {
    private static final String DESCRIPTOR = """
            {"id": "tiny", "build": "b", "licence": "Apache-2.0", "created": 1, "owned_by": "us",
             "native_size": "256x256", "sizes": {"min": 128, "max": 512, "multiple": 64},
             "unets": [{"folder": "unet", "steps": [4], "prediction_type": "epsilon"}], "default_steps": 4}""";

    @TempDir
    Path folder;

    private Map<String, String> variables() throws Exception {
        Files.writeString(folder.resolve("model.json"), DESCRIPTOR);
        return new HashMap<>(Map.of(
                "THUNDERHEAD_KAFKA", "localhost:9092",
                "THUNDERHEAD_S3_ENDPOINT", "http://localhost:9000",
                "THUNDERHEAD_S3_ACCESS_KEY", "access",
                "THUNDERHEAD_S3_SECRET_KEY", "secret",
                "THUNDERHEAD_KEYS_FILE", "keys.json",
                "THUNDERHEAD_MODELS", folder.toString(),
                "THUNDERHEAD_MEDIA_SECRET", "a secret of at least thirty-two characters"));
    }

    @Test
    void whatIsLeftOutHasSensibleValues() throws Exception {
        FrontendConfig config = Environment.read(variables(), FrontendConfig::from);
        assertThat(config.http().port()).isEqualTo(8080);
        assertThat(config.managementPort()).isEqualTo(8081);
        assertThat(config.catalog().first().id()).isEqualTo("tiny");
        assertThat(config.media().delivery()).isEqualTo(MediaSettings.Delivery.REDIRECT);
        assertThat(config.media().publicUrl()).isEmpty();
        assertThat(config.calls().deadline()).isEqualTo(Duration.ofMinutes(2));
        assertThat(config.retention().results()).isEqualTo(Duration.ofDays(30));
        assertThat(config.files()).isEqualTo(new FileSettings(200 << 20, Duration.ofDays(30)));
        assertThat(config.toString()).doesNotContain("a secret of");
    }

    @Test
    void whatIsGivenIsTaken() throws Exception {
        Map<String, String> variables = variables();
        variables.put("THUNDERHEAD_MODEL_ALIASES", "a/b=tiny, dall-e-3=tiny");
        variables.put("THUNDERHEAD_MEDIA", "presigned");
        variables.put("THUNDERHEAD_MAX_WAIT", "5s");
        FrontendConfig config = Environment.read(variables, FrontendConfig::from);
        assertThat(config.catalog().byName()).containsOnlyKeys("tiny", "a/b", "dall-e-3");
        assertThat(config.media().delivery()).isEqualTo(MediaSettings.Delivery.PRESIGNED);
        assertThat(config.calls().maxEstimatedWait()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void everythingThatIsWrongIsSaidAtOnce() {
        Map<String, String> variables = Map.of(
                "THUNDERHEAD_PORT", "http",
                "THUNDERHEAD_MEDIA_SECRET", "short",
                "THUNDERHEAD_MODELS", folder.resolve("nowhere").toString(),
                "THUNDERHEAD_TYPO", "1");
        assertThatThrownBy(() -> Environment.read(variables, FrontendConfig::from))
                .isInstanceOf(ConfigurationException.class)
                .message()
                .contains("THUNDERHEAD_PORT: ")
                .contains("THUNDERHEAD_KAFKA: must be set")
                .contains("THUNDERHEAD_S3_ENDPOINT: must be set")
                .contains("THUNDERHEAD_KEYS_FILE: must be set")
                .contains("THUNDERHEAD_MEDIA_SECRET: must have 32 characters or more")
                .contains("THUNDERHEAD_MODELS: ")
                .contains("THUNDERHEAD_TYPO: no such setting here");
    }

    @Test
    void resultsAreKeptForAnHourAtLeast() throws Exception {
        Map<String, String> variables = variables();
        variables.put("THUNDERHEAD_RETENTION", "30m");
        assertThatThrownBy(() -> Environment.read(variables, FrontendConfig::from))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("THUNDERHEAD_RETENTION: must be 1h to ");
    }

    @Test
    void filesAreKeptAsLongAsResultsAndAMonthAtMost() throws Exception {
        Map<String, String> variables = variables();
        variables.put("THUNDERHEAD_MAX_FILE_SIZE", "1000");
        variables.put("THUNDERHEAD_RETENTION", "48h");
        assertThat(Environment.read(variables, FrontendConfig::from).files())
                .isEqualTo(new FileSettings(1_000, Duration.ofDays(2)));
        variables.put("THUNDERHEAD_RETENTION", "2000h");
        assertThat(Environment.read(variables, FrontendConfig::from).files().kept())
                .isEqualTo(Duration.ofDays(30));
        variables.put("THUNDERHEAD_MAX_FILE_SIZE", "0");
        assertThatThrownBy(() -> Environment.read(variables, FrontendConfig::from))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("THUNDERHEAD_MAX_FILE_SIZE: must be a whole number from 1 to 1073741824");
    }

    @Test
    void anAliasThatLeadsNowhereIsNamed() throws Exception {
        Map<String, String> variables = variables();
        variables.put("THUNDERHEAD_MODEL_ALIASES", "dall-e-3=nothing");
        assertThatThrownBy(() -> Environment.read(variables, FrontendConfig::from))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("dall-e-3");
    }
}
