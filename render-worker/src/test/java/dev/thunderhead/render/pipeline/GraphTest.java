package dev.thunderhead.render.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thunderhead.render.pipeline.OnnxFile.Element;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GraphTest {
    private static final ExecutionSettings SETTINGS = new ExecutionSettings(new Device.Cpu(), 1);
    private static final List<?> BATCH_OF_PAIRS = List.of("batch", 2);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(names = {"FLOAT", "FLOAT16", "INT32", "INT64"})
    void convertsInputsToTheTypeThatTheGraphTakes(Element type) throws IOException {
        new OnnxFile()
                .input("in", type, BATCH_OF_PAIRS)
                .cast("in", "out", Element.FLOAT)
                .output("out", Element.FLOAT, BATCH_OF_PAIRS)
                .write(folder, "g");
        assertThat(run(new Graph.Rows(List.of(new float[] {1, 2}, new float[] {3, 1000}), 2)))
                .containsExactly(new float[] {1, 2}, new float[] {3, 1000});
    }

    @Test
    void readsHalfPrecisionOutputs() throws IOException {
        new OnnxFile()
                .input("in", Element.FLOAT, BATCH_OF_PAIRS)
                .cast("in", "out", Element.FLOAT16)
                .output("out", Element.FLOAT16, BATCH_OF_PAIRS)
                .write(folder, "g");
        assertThat(run(new Graph.Rows(List.of(new float[] {0.5f, -2}), 2))).containsExactly(new float[] {0.5f, -2});
    }

    @Test
    void aBatchOfAnySizeReusesTheBuffers() throws IOException {
        new OnnxFile()
                .input("in", Element.FLOAT, BATCH_OF_PAIRS)
                .node("Neg", "in", "out")
                .output("out", Element.FLOAT, BATCH_OF_PAIRS)
                .write(folder, "g");
        try (Graph graph = load()) {
            for (int batch : List.of(1, 4, 2)) {
                List<float[]> rows = Collections.nCopies(batch, new float[] {batch, 1});
                try (Graph.Outputs outputs = graph.run(Map.of("in", new Graph.Rows(rows, 2)), Set.of("out"))) {
                    assertThat(outputs.rows("out")).hasSize(batch).contains(new float[] {-batch, -1});
                }
            }
        }
    }

    @Test
    void aTimestepForEachPictureIsARow() throws IOException {
        timestep(List.of("batch"));
        assertThat(run(new Graph.Rows(List.of(new float[] {999}, new float[] {999}))))
                .containsExactly(new float[] {999}, new float[] {999});
    }

    @Test
    void aTimestepForTheBatchIsGivenOnce() throws IOException {
        timestep(List.of(1));
        assertThat(run(new Graph.Rows(List.of(new float[] {999}, new float[] {999}))))
                .containsExactly(new float[] {999});
    }

    @Test
    void aScalarTimestepHasNoDimension() throws IOException {
        new OnnxFile()
                .input("in", Element.INT64, List.of())
                .cast("in", "out", Element.FLOAT)
                .output("out", Element.FLOAT, List.of())
                .write(folder, "g");
        try (Graph graph = load();
                Graph.Outputs outputs =
                        graph.run(Map.of("in", new Graph.Rows(List.of(new float[] {249}))), Set.of("out"))) {
            assertThat(outputs.tensor("out").getFloatBuffer().get(0)).isEqualTo(249);
        }
    }

    @Test
    void namesWhatIsWrongWithAGraph() throws IOException {
        assertThatThrownBy(this::load)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("g/model.onnx: no such file");

        timestep(List.of("batch"));
        assertThatThrownBy(() -> Graph.load(folder, "g", SETTINGS, Set.of("in", "sample"), Set.of("out")))
                .isInstanceOf(IOException.class)
                .hasMessage("graph g lacks the input sample; it has [in]");
        assertThatThrownBy(() -> Graph.load(folder, "g", SETTINGS, Set.of("in"), Set.of("hidden_states.11")))
                .isInstanceOf(IOException.class)
                .hasMessage("graph g lacks the output hidden_states.11; it has [out]");
        assertThatThrownBy(() -> Graph.load(folder, "g", SETTINGS, Set.of(), Set.of("out")))
                .isInstanceOf(IOException.class)
                .hasMessage("graph g has an unknown input in");

        new OnnxFile()
                .input("in", Element.STRING, List.of("batch"))
                .node("Identity", "in", "out")
                .output("out", Element.STRING, List.of("batch"))
                .write(folder, "g");
        assertThatThrownBy(this::load)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("graph g: input in has an unsupported type");

        Files.writeString(folder.resolve("g/model.onnx"), "no graph");
        assertThatThrownBy(this::load).isInstanceOf(IOException.class).hasMessageContaining("g/model.onnx: ");
    }

    @Test
    void aFailedRunNamesTheGraphAndAClosedGraphDoesNotRun() throws IOException {
        timestep(List.of(3));
        Map<String, Graph.Rows> values = Map.of("in", new Graph.Rows(List.of(new float[] {1}, new float[] {2})));
        Graph graph = load();
        assertThatThrownBy(() -> graph.run(values, Set.of("out")))
                .isInstanceOf(PaintException.class)
                .hasMessageStartingWith("graph g: ");
        graph.close();
        graph.close();
        assertThatThrownBy(() -> graph.run(values, Set.of("out"))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aGpuThatIsNotThereIsAStartUpError() throws IOException {
        timestep(List.of("batch"));
        ExecutionSettings gpu = new ExecutionSettings(Device.parse("cuda:0"), 1);
        assertThatThrownBy(() -> Graph.load(folder, "g", gpu, Set.of("in"), Set.of("out")))
                .isInstanceOf(IOException.class);
    }

    private void timestep(List<?> shape) throws IOException {
        new OnnxFile()
                .input("in", Element.INT64, shape)
                .cast("in", "out", Element.FLOAT)
                .output("out", Element.FLOAT, shape)
                .write(folder, "g");
    }

    private Graph load() throws IOException {
        return Graph.load(folder, "g", SETTINGS, Set.of("in"), Set.of("out"));
    }

    private List<float[]> run(Graph.Rows rows) throws IOException {
        try (Graph graph = load();
                Graph.Outputs outputs = graph.run(Map.of("in", rows), Set.of("out"))) {
            return outputs.rows("out");
        }
    }
}
