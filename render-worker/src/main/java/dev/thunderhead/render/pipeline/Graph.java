package dev.thunderhead.render.pipeline;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.TensorInfo;
import ai.onnxruntime.platform.Fp16Conversions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * One network of a model. Exports differ in their types (32- or 64-bit ids, single or half precision, a timestep for the
 * batch or for each picture), so values are given as floats and converted to what the graph says it takes. Floats hold
 * ids and timesteps exactly, since all are below 2^24.
 *
 * <p>Not thread-safe: inputs are written to off-heap buffers that are kept from run to run.
 */
final class Graph implements AutoCloseable {
    private final String name;
    private final OrtEnvironment environment;
    private final OrtSession session;
    private final Map<String, TensorInfo> inputs;
    private final Map<String, ByteBuffer> buffers = new HashMap<>();
    private boolean closed;

    /** The values of one input, a row for each picture of the batch. */
    static final class Rows {
        private final List<float[]> rows;
        private final long[] shape;

        /**
         * @param rows at least one, all of one length
         * @param shape of a row; the input's shape is {@code [batch, ...shape]}
         */
        Rows(List<float[]> rows, long... shape) {
            this.rows = rows;
            this.shape = shape;
        }
    }

    private Graph(String name, OrtEnvironment environment, OrtSession session, Map<String, TensorInfo> inputs) {
        this.name = name;
        this.environment = environment;
        this.session = session;
        this.inputs = inputs;
    }

    /**
     * Loads {@code FOLDER/model.onnx}.
     *
     * @param inputs all inputs that will be given
     * @param outputs the outputs that will be asked for
     * @throws IOException when the file is missing or broken, or has other inputs, or lacks an output; the message names
     *     the graph and what is wrong with it
     */
    static Graph load(
            Path modelDirectory, String folder, ExecutionSettings settings, Set<String> inputs, Set<String> outputs)
            throws IOException {
        Path file = modelDirectory.resolve(folder).resolve("model.onnx");
        if (!Files.isRegularFile(file)) {
            throw new IOException(file + ": no such file");
        }
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (SessionOptions options = settings.options()) {
            OrtSession session = environment.createSession(file.toString(), options);
            try {
                return new Graph(folder, environment, session, check(folder, session, inputs, outputs));
            } catch (OrtException | IOException | RuntimeException problem) {
                session.close();
                throw problem;
            }
        } catch (OrtException problem) {
            throw new IOException(file + ": " + problem.getMessage(), problem);
        }
    }

    private static Map<String, TensorInfo> check(
            String graph, OrtSession session, Set<String> inputs, Set<String> outputs)
            throws OrtException, IOException {
        requireAll(graph, "input", inputs, session.getInputNames());
        requireAll(graph, "output", outputs, session.getOutputNames());
        Map<String, TensorInfo> types = new HashMap<>();
        for (Map.Entry<String, NodeInfo> input : session.getInputInfo().entrySet()) {
            if (!inputs.contains(input.getKey())) {
                throw new IOException("graph " + graph + " has an unknown input " + input.getKey());
            }
            if (!(input.getValue().getInfo() instanceof TensorInfo type) || !isSupported(type.type)) {
                throw new IOException("graph " + graph + ": input " + input.getKey() + " has an unsupported type, "
                        + input.getValue().getInfo());
            }
            types.put(input.getKey(), type);
        }
        for (String output : outputs) {
            NodeInfo info = session.getOutputInfo().get(output);
            if (info == null || !(info.getInfo() instanceof TensorInfo type) || !isFloating(type.type)) {
                throw new IOException("graph " + graph + ": output " + output + " must be fp32 or fp16");
            }
        }
        return types;
    }

    private static void requireAll(String graph, String kind, Set<String> wanted, Set<String> present)
            throws IOException {
        for (String name : new TreeSet<>(wanted)) {
            if (!present.contains(name)) {
                throw new IOException("graph " + graph + " lacks the " + kind + " " + name + "; it has " + present);
            }
        }
    }

    private static boolean isSupported(OnnxJavaType type) {
        return isFloating(type) || type == OnnxJavaType.INT32 || type == OnnxJavaType.INT64;
    }

    private static boolean isFloating(OnnxJavaType type) {
        return type == OnnxJavaType.FLOAT || type == OnnxJavaType.FLOAT16;
    }

    /**
     * Runs the graph.
     *
     * @param values for every input; one that the graph declares as a single number gets the first row
     * @return the outputs, off the heap; the caller closes them
     * @throws PaintException when ONNX Runtime fails
     */
    Outputs run(Map<String, Rows> values, Set<String> outputs) {
        if (closed) {
            throw new IllegalStateException("graph " + name + " is closed");
        }
        List<OnnxTensor> tensors = new ArrayList<>();
        try {
            Map<String, OnnxTensor> feed = new HashMap<>();
            for (Map.Entry<String, Rows> value : values.entrySet()) {
                OnnxTensor tensor = tensor(value.getKey(), value.getValue());
                tensors.add(tensor);
                feed.put(value.getKey(), tensor);
            }
            return new Outputs(session.run(feed, outputs));
        } catch (OrtException problem) {
            throw new PaintException("graph " + name + ": " + problem.getMessage(), problem);
        } finally {
            tensors.forEach(OnnxTensor::close);
        }
    }

    private OnnxTensor tensor(String input, Rows values) throws OrtException {
        TensorInfo info = inputs.get(input);
        if (info == null) {
            throw new IllegalArgumentException("graph " + name + " has no input " + input);
        }
        long[] declared = info.getShape();
        boolean single = declared.length == 0 || (declared.length == 1 && declared[0] == 1);
        List<float[]> rows = single ? values.rows.subList(0, 1) : values.rows;
        long[] shape = single ? declared : shape(rows.size(), values.shape);
        int count = rows.size() * rows.get(0).length;
        ByteBuffer buffer = buffer(input, count * info.type.size);
        rows.forEach(row -> put(row, buffer, info.type));
        return OnnxTensor.createTensor(environment, buffer.flip(), shape, info.type);
    }

    private static long[] shape(int batch, long[] row) {
        long[] shape = new long[row.length + 1];
        shape[0] = batch;
        System.arraycopy(row, 0, shape, 1, row.length);
        return shape;
    }

    private ByteBuffer buffer(String input, int bytes) {
        ByteBuffer kept = buffers.get(input);
        if (kept == null || kept.capacity() < bytes) {
            kept = ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
            buffers.put(input, kept);
        }
        return kept.clear();
    }

    private static void put(float[] row, ByteBuffer buffer, OnnxJavaType type) {
        if (type == OnnxJavaType.FLOAT) {
            buffer.asFloatBuffer().put(row);
            buffer.position(buffer.position() + row.length * Float.BYTES);
            return;
        }
        for (float value : row) {
            if (type == OnnxJavaType.FLOAT16) {
                buffer.putShort(Fp16Conversions.floatToFp16(value));
            } else if (type == OnnxJavaType.INT32) {
                buffer.putInt((int) value);
            } else {
                buffer.putLong((long) value);
            }
        }
    }

    /** Frees the graph's memory, unless that has been done. No run may be in progress. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            session.close();
        } catch (OrtException problem) {
            throw new PaintException("graph " + name + ": " + problem.getMessage(), problem);
        }
    }

    /** What a run gave. */
    static final class Outputs implements AutoCloseable {
        private final OrtSession.Result result;

        private Outputs(OrtSession.Result result) {
            this.result = result;
        }

        /** An output on the heap, a row for each picture of the batch. */
        List<float[]> rows(String output) {
            OnnxTensor tensor = tensor(output);
            FloatBuffer values = tensor.getFloatBuffer();
            int batch = Math.toIntExact(tensor.getInfo().getShape()[0]);
            List<float[]> rows = new ArrayList<>();
            for (int i = 0; i < batch; i++) {
                float[] row = new float[values.capacity() / batch];
                values.get(row);
                rows.add(row);
            }
            return rows;
        }

        OnnxTensor tensor(String output) {
            return (OnnxTensor) result.get(output).orElseThrow();
        }

        @Override
        public void close() {
            result.close();
        }
    }
}
