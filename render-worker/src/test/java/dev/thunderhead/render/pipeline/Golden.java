package dev.thunderhead.render.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.thunderhead.model.ImageSize;
import dev.thunderhead.model.ModelDescriptor.PredictionType;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import javax.imageio.ImageIO;

/** One picture that diffusers painted from the built-in model, with the tensors on the way. */
public final class Golden {
    private final String name;
    private final PaintRequest request;
    private final PredictionType prediction;
    private final byte[] tensors;

    private Golden(String name, PaintRequest request, PredictionType prediction, byte[] tensors) {
        this.name = name;
        this.request = request;
        this.prediction = prediction;
        this.tensors = tensors;
    }

    /** All cases of {@code golden/cases.json}. */
    public static List<Golden> all() throws IOException {
        List<Golden> all = new ArrayList<>();
        for (JsonNode row : new ObjectMapper().readTree(resource("cases.json"))) {
            String name = row.get("name").asText();
            all.add(new Golden(
                    name,
                    new PaintRequest(
                            row.get("prompt").asText(),
                            row.get("seed").asLong(),
                            row.get("steps").asInt(),
                            new ImageSize(
                                    row.get("width").asInt(), row.get("height").asInt())),
                    PredictionType.valueOf(
                            row.path("prediction").asText("epsilon").toUpperCase(Locale.ROOT)),
                    resource(name + ".safetensors")));
        }
        return all;
    }

    public String name() {
        return name;
    }

    /** What was painted. */
    public PaintRequest request() {
        return request;
    }

    /** What the UNet's output was taken for. */
    public PredictionType prediction() {
        return prediction;
    }

    /** A tensor's values, in the order of its last dimension first. */
    public float[] tensor(String tensor) throws IOException {
        ByteBuffer file = ByteBuffer.wrap(tensors).order(ByteOrder.LITTLE_ENDIAN);
        int header = Math.toIntExact(file.getLong());
        JsonNode entry = new ObjectMapper().readTree(tensors, 8, header).path(tensor);
        if (!entry.path("dtype").asText().equals("F32")) {
            throw new IOException(name + ": no fp32 tensor " + tensor);
        }
        int from = entry.get("data_offsets").get(0).asInt();
        int to = entry.get("data_offsets").get(1).asInt();
        float[] values = new float[(to - from) / Float.BYTES];
        file.slice(8 + header + from, to - from)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(values);
        return values;
    }

    public BufferedImage picture() throws IOException {
        try (InputStream file = open(name + ".png")) {
            return ImageIO.read(file);
        }
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream file = open(name)) {
            return file.readAllBytes();
        }
    }

    private static InputStream open(String name) {
        return Objects.requireNonNull(Golden.class.getResourceAsStream("/golden/" + name), name);
    }
}
