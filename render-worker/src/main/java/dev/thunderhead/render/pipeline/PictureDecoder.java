package dev.thunderhead.render.pipeline;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import dev.thunderhead.model.ImageSize;
import dev.thunderhead.render.pipeline.config.ConfigFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The VAE's decoder: latents in, pixels out. Not thread-safe. */
final class PictureDecoder implements AutoCloseable {
    private static final String FOLDER = "vae_decoder";
    private static final String LATENTS = "latent_sample";
    private static final String PICTURE = "sample";

    private final Graph graph;
    private final float scale;
    private final float shift;

    private PictureDecoder(Graph graph, float scale, float shift) {
        this.graph = graph;
        this.scale = scale;
        this.shift = shift;
    }

    /** Loads the decoder, and from its {@code config.json} how latents were scaled and shifted in training. */
    static PictureDecoder load(Path modelDirectory, ExecutionSettings settings) throws IOException {
        ConfigFile config = ConfigFile.read(modelDirectory.resolve(FOLDER).resolve("config.json"));
        float scale = (float) config.number("scaling_factor");
        float shift = (float) config.optionalNumber("shift_factor").orElse(0);
        return new PictureDecoder(
                Graph.load(modelDirectory, FOLDER, settings, Set.of(LATENTS), Set.of(PICTURE)), scale, shift);
    }

    /**
     * Decodes one picture. Batches would need several times the memory, and large ones fail on some GPUs.
     *
     * @param latents {@code [4, height / 8, width / 8]}
     */
    Raster decode(ImageSize size, float[] latents) {
        float[] unscaled = new float[latents.length];
        for (int i = 0; i < latents.length; i++) {
            unscaled[i] = latents[i] / scale + shift;
        }
        Map<String, Graph.Rows> values = Map.of(LATENTS, new Graph.Rows(List.of(unscaled), Latents.shape(size)));
        try (Graph.Outputs outputs = graph.run(values, Set.of(PICTURE))) {
            OnnxTensor samples = outputs.tensor(PICTURE);
            return samples.getInfo().type == OnnxJavaType.FLOAT16
                    ? Raster.ofHalves(size, samples.getShortBuffer().array())
                    : Raster.ofFloats(size, samples.getFloatBuffer().array());
        }
    }

    @Override
    public void close() {
        graph.close();
    }
}
