package dev.thunderhead.render.pipeline;

import dev.thunderhead.model.ImageSize;
import dev.thunderhead.model.ModelDescriptor;
import dev.thunderhead.model.ModelDescriptor.Unet;
import dev.thunderhead.render.pipeline.text.ClipTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;

/**
 * SDXL-Lightning from a model directory in the ONNX layout of Optimum: two text encoders, one UNet pass a step without
 * guidance, the VAE's decoder. Safe for any number of threads, of which one at a time paints or closes: closing a graph
 * that runs would crash the JVM.
 */
public final class LightningPainter implements Painter {
    private final ModelDescriptor model;
    private final PromptEncoder prompts;
    private final Map<Integer, Denoiser> denoisers;
    private final PictureDecoder decoder;
    private final Deque<AutoCloseable> parts;

    private LightningPainter(
            ModelDescriptor model,
            PromptEncoder prompts,
            Map<Integer, Denoiser> denoisers,
            PictureDecoder decoder,
            Deque<AutoCloseable> parts) {
        this.model = model;
        this.prompts = prompts;
        this.denoisers = denoisers;
        this.decoder = decoder;
        this.parts = parts;
    }

    /**
     * Loads a model.
     *
     * @param modelDirectory holds {@code model.json}, the graphs, the tokenizers and the scheduler's configuration
     * @param threads processor threads that a graph may use, at least 1
     * @throws IOException when a file, a graph's input or output, or the device is missing; the message names it
     */
    public static LightningPainter load(Path modelDirectory, Device device, int threads) throws IOException {
        ModelDescriptor model = ModelDescriptor.read(modelDirectory);
        return load(model, modelDirectory, new ExecutionSettings(device, threads));
    }

    static LightningPainter load(ModelDescriptor model, Path directory, ExecutionSettings settings) throws IOException {
        NoiseSchedule schedule = NoiseSchedule.read(directory);
        try (Loading loading = new Loading()) {
            // UNets of one folder are one graph, loaded once.
            Map<String, Future<Graph>> folders = new HashMap<>();
            Map<Unet, Future<Graph>> unets = new LinkedHashMap<>();
            for (Unet unet : model.unets()) {
                Future<Graph> graph = folders.computeIfAbsent(
                        unet.folder(), folder -> loading.open(() -> Denoiser.loadUnet(directory, folder, settings)));
                unets.put(unet, graph);
            }
            Future<List<ClipTokenizer>> tokenizers = loading.start(
                    () -> ClipTokenizer.read(directory.resolve("tokenizer"), directory.resolve("tokenizer_2")));
            Future<TextEncoder> first = loading.open(() -> TextEncoder.load(directory, "text_encoder", settings));
            Future<TextEncoder> second =
                    loading.open(() -> TextEncoder.load(directory, "text_encoder_2", settings, TextEncoder.POOLED));
            Future<PictureDecoder> decoder = loading.open(() -> PictureDecoder.load(directory, settings));

            PromptEncoder prompts =
                    new PromptEncoder(Loading.await(tokenizers), Loading.await(first), Loading.await(second));
            Map<Integer, Denoiser> denoisers = new HashMap<>();
            for (Map.Entry<Unet, Future<Graph>> entry : unets.entrySet()) {
                Unet unet = entry.getKey();
                Graph graph = Loading.await(entry.getValue());
                for (int steps : unet.steps()) {
                    denoisers.put(steps, new Denoiser(graph, unet.predictionType(), schedule.steps(steps)));
                }
            }
            return new LightningPainter(model, prompts, denoisers, Loading.await(decoder), loading.keep());
        }
    }

    @Override
    public ModelDescriptor model() {
        return model;
    }

    @Override
    public synchronized PaintedBatch paint(List<PaintRequest> batch, StepListener listener) {
        Denoiser denoiser = denoiserFor(batch);
        return new Painting(prompts, denoiser, decoder, model.latentRgb(), batch).paint(listener);
    }

    private Denoiser denoiserFor(List<PaintRequest> batch) {
        if (batch.isEmpty()) {
            throw new IllegalArgumentException("an empty batch");
        }
        int steps = batch.get(0).steps();
        ImageSize size = batch.get(0).size();
        if (batch.stream()
                .anyMatch(request -> request.steps() != steps || !request.size().equals(size))) {
            throw new IllegalArgumentException("a batch has one step count and one size");
        }
        if (!model.sizes().allow(size)) {
            throw new IllegalArgumentException(model.id() + " paints " + model.sizes() + ", not " + size);
        }
        Denoiser denoiser = denoisers.get(steps);
        if (denoiser == null) {
            throw new IllegalArgumentException(
                    model.id() + " paints in " + model.stepCounts() + " steps, not in " + steps);
        }
        return denoiser;
    }

    @Override
    public synchronized void close() {
        PaintException first = null;
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception problem) {
                if (first == null) {
                    first = new PaintException("the model could not be closed", problem);
                } else {
                    first.addSuppressed(problem);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
