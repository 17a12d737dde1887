package dev.thunderhead.render.pipeline;

import dev.thunderhead.model.ImageSize;
import dev.thunderhead.model.ModelDescriptor.PredictionType;
import dev.thunderhead.render.pipeline.noise.TorchNoise;
import dev.thunderhead.render.pipeline.text.ClipTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The way from noise to latents with one UNet and one step count. Not thread-safe. */
final class Denoiser {
    private static final String SAMPLE = "sample";
    private static final String TIMESTEP = "timestep";
    private static final String PROMPT = "encoder_hidden_states";
    private static final String POOLED = "text_embeds";
    private static final String TIME_IDS = "time_ids";
    private static final String OUTPUT = "out_sample";

    private final Graph unet;
    private final PredictionType prediction;
    private final EulerSteps steps;

    Denoiser(Graph unet, PredictionType prediction, EulerSteps steps) {
        this.unet = unet;
        this.prediction = prediction;
        this.steps = steps;
    }

    /** Loads a UNet, which denoisers of several step counts may share. */
    static Graph loadUnet(Path modelDirectory, String folder, ExecutionSettings settings) throws IOException {
        Set<String> inputs = Set.of(SAMPLE, TIMESTEP, PROMPT, POOLED, TIME_IDS);
        return Graph.load(modelDirectory, folder, settings, inputs, Set.of(OUTPUT));
    }

    /** The number of steps. */
    int steps() {
        return steps.count();
    }

    /** The latents before the first step. */
    float[] start(long seed, ImageSize size) {
        return steps.start(TorchNoise.draw(seed, Latents.count(size)));
    }

    /**
     * Takes one step with all pictures of a batch.
     *
     * @param step from 0
     * @param latents {@code [4, height / 8, width / 8]} for each picture; changed in place
     * @param prompts one for each picture
     */
    void take(int step, ImageSize size, List<float[]> latents, List<PromptEmbedding> prompts) {
        int batch = latents.size();
        float[] timestep = {steps.timestep(step)};
        float[] timeIds = timeIds(size);
        List<float[]> inputs = new ArrayList<>();
        List<float[]> hidden = new ArrayList<>();
        List<float[]> pooled = new ArrayList<>();
        for (int i = 0; i < batch; i++) {
            inputs.add(steps.input(latents.get(i), step));
            hidden.add(prompts.get(i).hidden());
            pooled.add(prompts.get(i).pooled());
        }
        int summary = pooled.get(0).length;
        int tokens = ClipTokenizer.LENGTH;
        Map<String, Graph.Rows> values = Map.of(
                SAMPLE, new Graph.Rows(inputs, Latents.shape(size)),
                TIMESTEP, new Graph.Rows(Collections.nCopies(batch, timestep)),
                PROMPT, new Graph.Rows(hidden, tokens, hidden.get(0).length / tokens),
                POOLED, new Graph.Rows(pooled, summary),
                TIME_IDS, new Graph.Rows(Collections.nCopies(batch, timeIds), timeIds.length));
        try (Graph.Outputs outputs = unet.run(values, Set.of(OUTPUT))) {
            List<float[]> predicted = outputs.rows(OUTPUT);
            for (int i = 0; i < batch; i++) {
                steps.take(step, latents.get(i), predicted.get(i), prediction);
            }
        }
    }

    /**
     * Turns the latents before a step into what they look like without noise.
     *
     * @param latents before the step, changed in place
     * @param next after it
     */
    void estimate(int step, float[] latents, float[] next) {
        steps.estimate(step, latents, next);
    }

    /** Original height and width, top and left of the crop, target height and width, in pixels: an uncropped picture. */
    private static float[] timeIds(ImageSize size) {
        return new float[] {size.height(), size.width(), 0, 0, size.height(), size.width()};
    }
}
