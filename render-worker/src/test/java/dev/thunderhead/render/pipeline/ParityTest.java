package dev.thunderhead.render.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thunderhead.model.ModelDescriptor;
import dev.thunderhead.model.ModelDescriptor.PredictionType;
import dev.thunderhead.model.ModelDescriptor.Unet;
import dev.thunderhead.render.TestModel;
import dev.thunderhead.render.pipeline.text.ClipTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Holds every number on the way to a picture against what diffusers computed from the same model. */
class ParityTest {
    private static final double TOLERANCE = 1e-4;
    private static final double DECIBELS = 45;
    private static final ExecutionSettings SETTINGS = new ExecutionSettings(new Device.Cpu(), 2);
    private static final Path MODEL = TestModel.directory();

    private static final Deque<AutoCloseable> OPEN = new ArrayDeque<>();
    private static final Map<PredictionType, Painter> PAINTERS = new EnumMap<>(PredictionType.class);
    private static PromptEncoder encoder;
    private static Graph unet;

    @BeforeAll
    static void load() throws IOException {
        for (PredictionType prediction : PredictionType.values()) {
            PAINTERS.put(prediction, open(LightningPainter.load(descriptor(prediction), MODEL, SETTINGS)));
        }
        encoder = new PromptEncoder(
                ClipTokenizer.read(MODEL.resolve("tokenizer"), MODEL.resolve("tokenizer_2")),
                open(TextEncoder.load(MODEL, "text_encoder", SETTINGS)),
                open(TextEncoder.load(MODEL, "text_encoder_2", SETTINGS, TextEncoder.POOLED)));
        unet = open(Denoiser.loadUnet(MODEL, "unet", SETTINGS));
    }

    private static <T extends AutoCloseable> T open(T opened) {
        OPEN.push(opened);
        return opened;
    }

    @AfterAll
    static void close() throws Exception {
        while (!OPEN.isEmpty()) {
            OPEN.pop().close();
        }
    }

    @TestFactory
    Stream<DynamicTest> stepsBetweenTheSameNoiseLevels() throws IOException {
        NoiseSchedule schedule = NoiseSchedule.read(MODEL);
        return Golden.all().stream()
                .map(golden -> DynamicTest.dynamicTest(golden.name(), () -> {
                    EulerSteps steps = schedule.steps(golden.request().steps());
                    float[] sigmas = golden.tensor("sigmas");
                    float[] timesteps = golden.tensor("timesteps");
                    assertThat(sigmas).hasSize(golden.request().steps() + 1);
                    for (int i = 0; i <= golden.request().steps(); i++) {
                        assertThat((double) steps.sigma(i)).isCloseTo(sigmas[i], Percentage.withPercentage(1e-4));
                    }
                    for (int i = 0; i < golden.request().steps(); i++) {
                        assertThat(steps.timestep(i)).isEqualTo(timesteps[i]);
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> readsPromptsTheSameWay() throws IOException {
        return Golden.all().stream()
                .map(golden -> DynamicTest.dynamicTest(golden.name(), () -> {
                    PromptEmbedding embedding =
                            encoder.encode(List.of(golden.request().prompt())).get(0);
                    assertThat(Fidelity.relativeError(embedding.hidden(), golden.tensor("prompt_embeds")))
                            .isLessThanOrEqualTo(TOLERANCE);
                    assertThat(Fidelity.relativeError(embedding.pooled(), golden.tensor("pooled")))
                            .isLessThanOrEqualTo(TOLERANCE);
                }));
    }

    @TestFactory
    Stream<DynamicTest> takesTheSameSteps() throws IOException {
        NoiseSchedule schedule = NoiseSchedule.read(MODEL);
        return Golden.all().stream()
                .map(golden -> DynamicTest.dynamicTest(golden.name(), () -> {
                    Denoiser denoiser = new Denoiser(
                            unet,
                            golden.prediction(),
                            schedule.steps(golden.request().steps()));
                    List<PromptEmbedding> prompts =
                            encoder.encode(List.of(golden.request().prompt()));
                    float[] latents = denoiser.start(
                            golden.request().seed(), golden.request().size());
                    assertThat(Fidelity.relativeError(latents, golden.tensor("latents_0")))
                            .isLessThanOrEqualTo(TOLERANCE);
                    for (int step = 0; step < golden.request().steps(); step++) {
                        denoiser.take(step, golden.request().size(), List.of(latents), prompts);
                        assertThat(Fidelity.relativeError(latents, golden.tensor("latents_" + (step + 1))))
                                .as("after step %d", step)
                                .isLessThanOrEqualTo(TOLERANCE);
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> paintsTheSamePictures() throws IOException {
        return Golden.all().stream()
                .map(golden -> DynamicTest.dynamicTest(golden.name(), () -> {
                    PaintedBatch painted =
                            PAINTERS.get(golden.prediction()).paint(List.of(golden.request()), (picture, step) -> true);
                    Painted.Picture picture =
                            (Painted.Picture) painted.pictures().get(0);
                    assertThat(Fidelity.peakSignalToNoise(
                                    Fidelity.bytes(picture.raster()), Fidelity.bytes(golden.picture())))
                            .isGreaterThanOrEqualTo(DECIBELS);
                    assertThat(painted.timings().steps())
                            .hasSize(golden.request().steps());
                }));
    }

    /** The built-in model, its UNet taken to predict what the case says. */
    private static ModelDescriptor descriptor(PredictionType prediction) throws IOException {
        ModelDescriptor model = ModelDescriptor.read(MODEL);
        List<Unet> unets = model.unets().stream()
                .map(unet -> new Unet(unet.folder(), unet.steps(), prediction))
                .toList();
        return new ModelDescriptor(
                model.id(),
                model.build(),
                model.licence(),
                model.created(),
                model.ownedBy(),
                model.nativeSize(),
                model.sizes(),
                unets,
                model.defaultSteps(),
                Optional.empty());
    }
}
