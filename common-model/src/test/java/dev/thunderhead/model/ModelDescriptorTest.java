package dev.thunderhead.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelDescriptorTest {
    private static final String JSON = """
            {"id": "sdxl-lightning", "licence": "openrail++", "build": "a1b2", "created": 1790000000,
             "owned_by": "bytedance", "native_size": "1024x1024",
             "sizes": {"min": 512, "max": 1536, "multiple": 64},
             "unets": [{"folder": "unet_1step", "steps": [1], "prediction_type": "sample"},
                       {"folder": "unet_4step", "steps": [4], "prediction_type": "epsilon"}],
             "default_steps": 4}
            """;

    @TempDir
    Path directory;

    @Test
    void readsAModelDirectory() throws IOException {
        Files.writeString(directory.resolve("model.json"), JSON);
        ModelDescriptor model = ModelDescriptor.read(directory);
        assertThat(model.stepCounts()).containsExactly(1, 4);
        assertThat(model.unetFor(4).orElseThrow().folder()).isEqualTo("unet_4step");
        assertThat(model.unetFor(1).orElseThrow().predictionType()).isEqualTo(ModelDescriptor.PredictionType.SAMPLE);
        assertThat(model.unetFor(2)).isEmpty();
        assertThat(model.sizes().allow(new ImageSize(1024, 576))).isTrue();
        assertThat(model.sizes().allow(new ImageSize(1024, 570))).isFalse();
        assertThat(model.sizes().allow(new ImageSize(1024, 1600))).isFalse();
    }

    @Test
    void mayTellHowLatentsAreShownAsColours() throws IOException {
        Path file = Files.writeString(directory.resolve("model.json"), JSON);
        assertThat(ModelDescriptor.read(file).latentRgb()).isEmpty();

        String rows = "[1, 0, 0], [0, 1, 0], [0, 0, 1], [0.5, -0.5, 0]";
        Files.writeString(
                file, JSON.replace("}\n", ", \"latent_rgb\": {\"factors\": [" + rows + "], \"bias\": [0, 0, 0.25]}}"));
        ModelDescriptor.LatentRgb colours =
                ModelDescriptor.read(file).latentRgb().orElseThrow();
        assertThat(colours.factors().get(3)).containsExactly(0.5f, -0.5f, 0f);
        assertThat(colours.bias()).containsExactly(0f, 0f, 0.25f);

        refused(file, Files.readString(file).replace("[1, 0, 0], ", ""), "latent_rgb: factors are 4 rows of 3 numbers");
    }

    @Test
    void namesTheFileAndTheProblem() throws IOException {
        Path file = directory.resolve("model.json");
        assertThatThrownBy(() -> ModelDescriptor.read(directory)).hasMessageContaining("no such file");
        refused(file, JSON.replace("\"default_steps\": 4", "\"default_steps\": 8"), "default_steps");
        refused(file, JSON.replace("[4]", "[1, 4]"), "a step count belongs to one UNet");
        refused(file, JSON.replace("1024x1024", "1000x1000"), "native_size");
        refused(file, JSON.replace("\"owned_by\"", "\"owner\""), "owned_by");
        refused(file, JSON.replace("\"epsilon\"", "\"v\""), "PredictionType");
        refused(file, "{", "model.json");
    }

    private static void refused(Path file, String json, String why) throws IOException {
        Files.writeString(file, json);
        assertThatThrownBy(() -> ModelDescriptor.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(why);
    }
}
