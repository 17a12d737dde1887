package dev.thunderhead.render.pipeline;

import dev.thunderhead.render.pipeline.config.ConfigFile;
import dev.thunderhead.render.pipeline.text.ClipTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One of SDXL's two CLIP text encoders: token ids {@code [batch, 77]} in, hidden states out. Not thread-safe. */
final class TextEncoder implements AutoCloseable {
    /** The second encoder's summary of a prompt, {@code [batch, width]}. */
    static final String POOLED = "text_embeds";

    private static final String IDS = "input_ids";

    private final Graph graph;
    private final String hiddenState;
    private final Set<String> outputs;

    private TextEncoder(Graph graph, String hiddenState, Set<String> outputs) {
        this.graph = graph;
        this.hiddenState = hiddenState;
        this.outputs = outputs;
    }

    /**
     * Loads an encoder. SDXL reads the hidden state before the last, which is number {@code num_hidden_layers - 1}, since
     * number 0 is the input of the first layer.
     *
     * @param more outputs that will be asked for besides the hidden state
     */
    static TextEncoder load(Path modelDirectory, String folder, ExecutionSettings settings, String... more)
            throws IOException {
        ConfigFile config = ConfigFile.read(modelDirectory.resolve(folder).resolve("config.json"));
        String hiddenState = "hidden_states." + (config.count("num_hidden_layers") - 1);
        Set<String> outputs =
                Stream.concat(Stream.of(hiddenState), Stream.of(more)).collect(Collectors.toUnmodifiableSet());
        return new TextEncoder(
                Graph.load(modelDirectory, folder, settings, Set.of(IDS), outputs), hiddenState, outputs);
    }

    /**
     * Runs the encoder.
     *
     * @param ids token ids, {@link ClipTokenizer#LENGTH} for each prompt
     * @return the caller closes it
     */
    Graph.Outputs run(List<int[]> ids) {
        List<float[]> rows = ids.stream().map(TextEncoder::toFloats).toList();
        return graph.run(Map.of(IDS, new Graph.Rows(rows, ClipTokenizer.LENGTH)), outputs);
    }

    /** The hidden states among a run's outputs, {@code [77, width]} for each prompt. */
    List<float[]> hidden(Graph.Outputs run) {
        return run.rows(hiddenState);
    }

    private static float[] toFloats(int[] ids) {
        float[] floats = new float[ids.length];
        for (int i = 0; i < ids.length; i++) {
            floats[i] = ids[i];
        }
        return floats;
    }

    @Override
    public void close() {
        graph.close();
    }
}
