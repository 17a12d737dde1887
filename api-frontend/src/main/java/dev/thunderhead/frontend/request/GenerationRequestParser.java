package dev.thunderhead.frontend.request;

import static dev.thunderhead.frontend.request.GenerationRequest.MAX_COUNT;
import static dev.thunderhead.frontend.request.GenerationRequest.MAX_PROMPT;
import static dev.thunderhead.frontend.request.GenerationRequest.MAX_SEED;

import dev.thunderhead.frontend.catalog.ModelCatalog;
import dev.thunderhead.frontend.error.ApiError;
import dev.thunderhead.frontend.error.ApiException;
import dev.thunderhead.frontend.error.ErrorKind;
import dev.thunderhead.frontend.error.Retry;
import dev.thunderhead.job.OutputFormat;
import dev.thunderhead.model.ImageSize;
import dev.thunderhead.model.ModelDescriptor;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads the body of {@code POST /v1/images/generations}: OpenAI's parameters, and ours.
 *
 * <ul>
 *   <li>{@code quality}: low, medium and high are 2, 4 and 8 steps; hd is high; standard, auto and none are the model's
 *       own choice.
 *   <li>{@code steps} (ours): a step count of the model; it wins over {@code quality}.
 *   <li>{@code seed} (ours): 0 to 2<sup>53</sup>&nbsp;−&nbsp;1.
 *   <li>{@code prompt_in_file} (ours): true puts the prompt into the files' metadata.
 *   <li>{@code output_compression}: JPEG quality; accepted and without effect for PNG.
 *   <li>{@code user}, {@code style}, {@code background} and {@code moderation} are checked for their form and then
 *       ignored; null says the same as leaving a parameter out.
 * </ul>
 *
 * <p>Thread-safe.
 */
public final class GenerationRequestParser {
    private static final Set<String> IGNORED_TEXTS = Set.of("user", "style", "background", "moderation");
    private static final Set<String> KNOWN = Stream.of(
                    IGNORED_TEXTS,
                    JobOptionsParser.KNOWN,
                    Set.of(
                            "prompt",
                            "model",
                            "n",
                            "size",
                            "quality",
                            "response_format",
                            "output_format",
                            "output_compression",
                            "seed",
                            "steps",
                            "prompt_in_file"))
            .flatMap(Set::stream)
            .collect(Collectors.toUnmodifiableSet());
    private static final int MAX_STEPS = 100;
    private static final int FULL_QUALITY = 100;

    private final ModelCatalog catalog;
    private final JobOptionsParser options;

    public GenerationRequestParser(ModelCatalog catalog, CallbackUrls urls) {
        this.catalog = catalog;
        this.options = new JobOptionsParser(urls);
    }

    /**
     * Reads a body.
     *
     * @throws ApiException when the request is wrong; it names the parameter to blame. Nothing else is thrown
     */
    public GenerationRequest parse(byte[] body) {
        Parameters parameters = Parameters.read(body, KNOWN);
        IGNORED_TEXTS.forEach(parameters::text);
        String prompt = prompt(parameters);
        ModelDescriptor model = model(parameters);
        return new GenerationRequest(
                model,
                prompt,
                (int) parameters.whole("n", 1, MAX_COUNT).orElse(1),
                parameters.whole("seed", 0, MAX_SEED),
                steps(parameters, model),
                size(parameters, model),
                responseFormat(parameters),
                format(parameters),
                (int) parameters.whole("output_compression", 0, FULL_QUALITY).orElse(FULL_QUALITY),
                parameters.flag("prompt_in_file").orElse(false),
                options.parse(parameters));
    }

    private static String prompt(Parameters parameters) {
        String prompt = parameters
                .text("prompt")
                .orElseThrow(() -> Parameters.invalid("prompt", "prompt is missing: say what to paint"));
        if (prompt.isBlank()) {
            throw Parameters.invalid("prompt", "prompt is empty: say what to paint");
        }
        if (prompt.codePointCount(0, prompt.length()) > MAX_PROMPT) {
            throw Parameters.invalid("prompt", "prompt is longer than " + MAX_PROMPT + " characters");
        }
        return prompt;
    }

    private ModelDescriptor model(Parameters parameters) {
        return parameters
                .text("model")
                .map(name -> catalog.find(name).orElseThrow(() -> unknownModel(name)))
                .orElseGet(catalog::first);
    }

    /** The answer to a model's name that nobody knows. */
    public static ApiException unknownModel(String name) {
        return new ApiError(
                        ErrorKind.NOT_FOUND,
                        "model_not_found",
                        "model",
                        "there is no model " + ApiError.shown(name) + "; GET /v1/models lists those there are",
                        new Retry.ByStatus())
                .asException();
    }

    private static int steps(Parameters parameters, ModelDescriptor model) {
        OptionalInt byQuality = quality(parameters, model);
        int steps = (int) parameters.whole("steps", 1, MAX_STEPS).orElse(byQuality.orElse(model.defaultSteps()));
        if (model.unetFor(steps).isEmpty()) {
            throw Parameters.invalid("steps", "steps must be one of " + model.stepCounts() + " with " + model.id());
        }
        return steps;
    }

    private static OptionalInt quality(Parameters parameters, ModelDescriptor model) {
        String quality = parameters
                .choice("quality", List.of("low", "medium", "high", "standard", "hd", "auto"))
                .orElse("auto");
        return switch (quality) {
            case "low" -> OptionalInt.of(Quality.LOW.stepsOf(model));
            case "medium" -> OptionalInt.of(Quality.MEDIUM.stepsOf(model));
            case "high", "hd" -> OptionalInt.of(Quality.HIGH.stepsOf(model));
            default -> OptionalInt.empty();
        };
    }

    private static ImageSize size(Parameters parameters, ModelDescriptor model) {
        String text = parameters.text("size").orElse("auto");
        if (text.equals("auto")) {
            return model.nativeSize();
        }
        try {
            ImageSize size = ImageSize.parse(text);
            if (model.sizes().allow(size)) {
                return size;
            }
        } catch (IllegalArgumentException problem) {
            // Answered below, like a size that the model does not have.
        }
        throw Parameters.invalid("size", "size must be auto or WIDTHxHEIGHT, " + model.sizes());
    }

    private static ResponseFormat responseFormat(Parameters parameters) {
        String format =
                parameters.choice("response_format", List.of("url", "b64_json")).orElse("url");
        return format.equals("url") ? ResponseFormat.URL : ResponseFormat.B64_JSON;
    }

    private static OutputFormat format(Parameters parameters) {
        String format =
                parameters.choice("output_format", List.of("png", "jpeg")).orElse("png");
        return format.equals("png") ? OutputFormat.PNG : OutputFormat.JPEG;
    }
}
