package dev.thunderhead.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A model as the file {@code model.json} in its directory describes it: all that the API needs to judge a request, and
 * the worker to choose a UNet. Immutable.
 *
 * @param id the name in requests, for example {@code tiny-lightning}
 * @param build changes whenever the weights do; together with prompt, seed, steps and size it names a picture
 * @param licence SPDX identifier of the weights' licence
 * @param created unix seconds
 * @param ownedBy who publishes it
 * @param nativeSize the size it paints best, and the one for requests that name none
 * @param sizes the sizes it may be asked for
 * @param unets the UNets with the step counts that each was distilled for; no step count appears twice
 * @param defaultSteps the step count for requests that name none; one of the UNets has it
 * @param latentRgb how latents are shown as colours; without it, the model gives no previews
 */
public record ModelDescriptor(
        String id,
        String build,
        String licence,
        long created,
        @JsonProperty("owned_by") String ownedBy,
        @JsonProperty("native_size") ImageSize nativeSize,
        Sizes sizes,
        List<Unet> unets,
        @JsonProperty("default_steps") int defaultSteps,
        @JsonProperty("latent_rgb") Optional<LatentRgb> latentRgb) {
    /** The name of the descriptor in a model directory. */
    public static final String FILE = "model.json";

    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9._/-]{0,99}");
    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    /**
     * The allowed sizes: width and height each from {@code min} to {@code max} pixels, in multiples of {@code multiple}.
     */
    public record Sizes(int min, int max, int multiple) {
        public Sizes {
            if (multiple < 8 || multiple % 8 != 0 || min < multiple || max < min || min % multiple != 0) {
                throw new IllegalArgumentException(
                        "sizes: multiple must be a multiple of 8, and multiple <= min <= max, min a multiple of it");
            }
        }

        public boolean allow(ImageSize size) {
            return allowSide(size.width()) && allowSide(size.height());
        }

        private boolean allowSide(int pixels) {
            return pixels >= min && pixels <= max && pixels % multiple == 0;
        }

        @Override
        public String toString() {
            return "width and height from " + min + " to " + max + " in multiples of " + multiple;
        }
    }

    /** What a UNet's output means: the noise in the sample, or the clean sample itself. */
    public enum PredictionType {
        @JsonProperty("epsilon")
        EPSILON,
        @JsonProperty("sample")
        SAMPLE
    }

    /**
     * One UNet of the model.
     *
     * @param folder its folder in the model directory
     * @param steps the step counts it serves, each 1 to 100
     */
    public record Unet(
            String folder,
            List<Integer> steps,
            @JsonProperty("prediction_type") PredictionType predictionType) {
        public Unet {
            steps = List.copyOf(steps);
            if (steps.isEmpty() || steps.stream().anyMatch(n -> n < 1 || n > 100)) {
                throw new IllegalArgumentException("unets.steps: at least one step count, each 1 to 100");
            }
        }
    }

    /**
     * The straight line from latents to the colours that they roughly decode to, fitted to the model's VAE. It makes
     * previews at next to no cost.
     *
     * @param factors for each of the four channels of latents, as the UNet has them, what it adds to red, green and blue
     * @param bias red, green and blue where all channels are zero; colours go from -1 to 1
     */
    public record LatentRgb(List<List<Float>> factors, List<Float> bias) {
        private static final int CHANNELS = 4;
        private static final int COLOURS = 3;

        public LatentRgb {
            factors = factors.stream().map(List::copyOf).toList();
            bias = List.copyOf(bias);
            if (factors.size() != CHANNELS
                    || bias.size() != COLOURS
                    || factors.stream().anyMatch(row -> row.size() != COLOURS)) {
                throw new IllegalArgumentException("latent_rgb: factors are 4 rows of 3 numbers, bias is 3 numbers");
            }
        }
    }

    public ModelDescriptor {
        unets = List.copyOf(unets);
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException("id must match " + ID);
        }
        if (!sizes.allow(nativeSize)) {
            throw new IllegalArgumentException("native_size must be one of the allowed sizes: " + sizes);
        }
        List<Integer> all =
                unets.stream().flatMap(unet -> unet.steps().stream()).toList();
        if (all.size() != new TreeSet<>(all).size()) {
            throw new IllegalArgumentException("unets: a step count belongs to one UNet");
        }
        if (!all.contains(defaultSteps)) {
            throw new IllegalArgumentException("default_steps must be a step count of one of the unets");
        }
    }

    /**
     * Reads a descriptor.
     *
     * @param path the descriptor file, or the model directory that holds it
     * @throws IOException when it cannot be read or is not a valid descriptor; the message names the file
     */
    public static ModelDescriptor read(Path path) throws IOException {
        Path file = Files.isDirectory(path) ? path.resolve(FILE) : path;
        if (!Files.isRegularFile(file)) {
            throw new IOException(file + ": no such file; a model directory holds a " + FILE);
        }
        try {
            return JSON.readValue(file.toFile(), ModelDescriptor.class);
        } catch (JacksonException problem) {
            throw new IOException(file + ": " + problem.getOriginalMessage(), problem);
        }
    }

    /** The UNet that was distilled for this step count, if the model has one. */
    public Optional<Unet> unetFor(int steps) {
        return unets.stream().filter(unet -> unet.steps().contains(steps)).findFirst();
    }

    /** All step counts, ascending. */
    public List<Integer> stepCounts() {
        return unets.stream().flatMap(unet -> unet.steps().stream()).sorted().toList();
    }
}
