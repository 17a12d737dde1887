package dev.thunderhead.render.pipeline.config;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;

/**
 * One JSON configuration file of a model directory, for example {@code vae_decoder/config.json}. Immutable. Every error
 * names the file and the key, since whoever exported the model has to mend it.
 */
public final class ConfigFile {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path path;
    private final JsonNode root;

    private ConfigFile(Path path, JsonNode root) {
        this.path = path;
        this.root = root;
    }

    /** @throws IOException when the file is missing or holds no JSON object */
    public static ConfigFile read(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new IOException(path + ": no such file");
        }
        try {
            JsonNode root = JSON.readTree(path.toFile());
            if (!root.isObject()) {
                throw new IOException(path + ": not a JSON object");
            }
            return new ConfigFile(path, root);
        } catch (JacksonException problem) {
            throw new IOException(path + ": " + problem.getOriginalMessage(), problem);
        }
    }

    /** @throws IOException when the key is missing or not a number */
    public double number(String key) throws IOException {
        return optionalNumber(key).orElseThrow(() -> problem(key, "must be a number"));
    }

    /** @throws IOException when the key is missing or not a whole number of at least 1 */
    public int count(String key) throws IOException {
        JsonNode value = root.path(key);
        if (!value.isInt() || value.intValue() < 1) {
            throw problem(key, "must be a whole number of at least 1");
        }
        return value.intValue();
    }

    /** The number under a key; empty when the key is missing, null or not a number. */
    public OptionalDouble optionalNumber(String key) {
        JsonNode value = root.path(key);
        return value.isNumber() ? OptionalDouble.of(value.doubleValue()) : OptionalDouble.empty();
    }

    /** Whether the key is there and holds {@code true}. */
    public boolean isSet(String key) {
        return root.path(key).asBoolean(false);
    }

    /**
     * The text under a key: a JSON string, or the {@code content} of an object, which is how tokenizers write tokens.
     *
     * @throws IOException when the key is missing or holds something else
     */
    public String text(String key) throws IOException {
        JsonNode value = root.path(key);
        JsonNode text = value.isObject() ? value.path("content") : value;
        if (!text.isTextual()) {
            throw problem(key, "must be a string");
        }
        return text.textValue();
    }

    /** An error about one key, which names the file. */
    public IOException problem(String key, String message) {
        return new IOException(path + ": " + key + " " + message);
    }
}
