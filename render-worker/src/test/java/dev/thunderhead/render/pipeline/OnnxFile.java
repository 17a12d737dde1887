package dev.thunderhead.render.pipeline;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Writes small ONNX graphs, field by field of {@code onnx.proto}, so that tests need no exporter. */
final class OnnxFile {
    /** Element types by their numbers in {@code TensorProto.DataType}. */
    enum Element {
        FLOAT(1),
        INT32(6),
        INT64(7),
        STRING(8),
        FLOAT16(10);

        private final int number;

        Element(int number) {
            this.number = number;
        }
    }

    private static final int IR_VERSION = 8;
    private static final int OPERATOR_SET = 17;
    private static final int INTEGER_ATTRIBUTE = 2;

    private final Message graph = new Message().text(2, "test");

    OnnxFile input(String name, Element type, List<?> shape) {
        graph.message(11, value(name, type, shape));
        return this;
    }

    OnnxFile output(String name, Element type, List<?> shape) {
        graph.message(12, value(name, type, shape));
        return this;
    }

    OnnxFile node(String operator, String input, String output) {
        return node(operator, List.of(input), output, Map.of());
    }

    OnnxFile cast(String input, String output, Element to) {
        return node("Cast", List.of(input), output, Map.of("to", to.number));
    }

    OnnxFile node(String operator, List<String> inputs, String output, Map<String, Integer> attributes) {
        Message node = new Message();
        inputs.forEach(input -> node.text(1, input));
        node.text(2, output).text(4, operator);
        attributes.forEach((name, value) ->
                node.message(5, new Message().text(1, name).number(3, value).number(20, INTEGER_ATTRIBUTE)));
        graph.message(1, node);
        return this;
    }

    /** Writes {@code FOLDER/model.onnx}. */
    void write(Path modelDirectory, String folder) throws IOException {
        Message model = new Message()
                .number(1, IR_VERSION)
                .message(7, graph)
                .message(8, new Message().text(1, "").number(2, OPERATOR_SET));
        Files.createDirectories(modelDirectory.resolve(folder));
        Files.write(modelDirectory.resolve(folder).resolve("model.onnx"), model.bytes.toByteArray());
    }

    /** @param shape a number for a fixed dimension, a name for a free one */
    private static Message value(String name, Element type, List<?> shape) {
        Message dimensions = new Message();
        for (Object dimension : shape) {
            dimensions.message(
                    1,
                    dimension instanceof Integer fixed
                            ? new Message().number(1, fixed)
                            : new Message().text(2, dimension.toString()));
        }
        Message tensor = new Message().number(1, type.number).message(2, dimensions);
        return new Message().text(1, name).message(2, new Message().message(1, tensor));
    }

    /** A protocol buffer. */
    private static final class Message {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Message number(int field, int value) {
            variable(field << 3);
            variable(value);
            return this;
        }

        Message text(int field, String value) {
            return delimited(field, value.getBytes(StandardCharsets.UTF_8));
        }

        Message message(int field, Message value) {
            return delimited(field, value.bytes.toByteArray());
        }

        private Message delimited(int field, byte[] value) {
            variable((field << 3) | 2);
            variable(value.length);
            bytes.writeBytes(value);
            return this;
        }

        private void variable(int value) {
            int rest = value;
            while (rest > 0x7f) {
                bytes.write((rest & 0x7f) | 0x80);
                rest >>>= 7;
            }
            bytes.write(rest);
        }
    }
}
