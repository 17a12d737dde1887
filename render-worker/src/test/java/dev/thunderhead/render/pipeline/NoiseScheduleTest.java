package dev.thunderhead.render.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thunderhead.render.TestModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NoiseScheduleTest {
    @TempDir
    private Path model;

    @ParameterizedTest
    @CsvSource({"1, 999", "2, 499", "3, 332", "4, 249", "8, 124", "100, 9", "1000, 0"})
    void trailingStepsEndOneSpacingAboveZero(int steps, float last) throws IOException {
        EulerSteps euler = NoiseSchedule.read(TestModel.directory()).steps(steps);
        assertThat(euler.count()).isEqualTo(steps);
        assertThat(euler.timestep(0)).isEqualTo(999);
        assertThat(euler.timestep(steps - 1)).isEqualTo(last);
        assertThat(euler.sigma(steps)).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"trailing\" | \"leading\" | timestep_spacing must be \"trailing\"",
                "\"scaled_linear\" | \"cosine\" | beta_schedule must be",
                "\"use_karras_sigmas\": false | \"use_karras_sigmas\": true | use_karras_sigmas is not supported",
                "0.012 | \"much\" | beta_end must be a number",
                "1000 | 0 | num_train_timesteps must be a whole number of at least 1",
            })
    void refusesAScheduleThatIsNotLightnings(String from, String to, String message) throws IOException {
        String config = Files.readString(TestModel.directory().resolve(NoiseSchedule.FILE));
        assertThat(config).contains(from);
        Files.createDirectory(model.resolve("scheduler"));
        Files.writeString(model.resolve(NoiseSchedule.FILE), config.replace(from, to));

        assertThatThrownBy(() -> NoiseSchedule.read(model))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("scheduler_config.json: " + message);
    }

    @Test
    void namesTheFileThatIsMissing() {
        assertThatThrownBy(() -> NoiseSchedule.read(model))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("scheduler_config.json: no such file");
    }
}
