package dev.thunderhead.frontend.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.thunderhead.frontend.catalog.ModelCatalog;
import dev.thunderhead.frontend.error.ApiError;
import dev.thunderhead.frontend.error.ApiException;
import dev.thunderhead.frontend.error.ErrorKind;
import dev.thunderhead.job.Callback;
import dev.thunderhead.job.JobEvent;
import dev.thunderhead.job.OutputFormat;
import dev.thunderhead.model.ImageSize;
import dev.thunderhead.model.ModelDescriptor;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class GenerationRequestParserTest {
    static final ModelDescriptor TINY = model("tiny-lightning", List.of(1, 2, 4, 8), 4);
    static final ModelDescriptor COARSE = model("coarse", List.of(1, 3), 1);
    static final GenerationRequestParser PARSER = new GenerationRequestParser(
            new ModelCatalog(List.of(TINY, COARSE), Map.of("an/alias", "tiny-lightning")), new HttpsAlone());

    private static ModelDescriptor model(String id, List<Integer> steps, int defaultSteps) {
        return new ModelDescriptor(
                id,
                "build",
                "Apache-2.0",
                1,
                "us",
                new ImageSize(256, 256),
                new ModelDescriptor.Sizes(128, 1024, 64),
                List.of(new ModelDescriptor.Unet("unet", steps, ModelDescriptor.PredictionType.EPSILON)),
                defaultSteps,
                Optional.empty());
    }

    private static GenerationRequest parse(String body) {
        return PARSER.parse(body.getBytes(StandardCharsets.UTF_8));
    }

    private static ApiError refusal(byte[] body) {
        return catchThrowableOfType(ApiException.class, () -> PARSER.parse(body))
                .error();
    }

    @Test
    void aPromptAloneMeansTheModelsOwnChoices() {
        assertThat(parse("{\"prompt\": \"a cat\"}"))
                .isEqualTo(new GenerationRequest(
                        TINY,
                        "a cat",
                        1,
                        OptionalLong.empty(),
                        4,
                        new ImageSize(256, 256),
                        ResponseFormat.URL,
                        OutputFormat.PNG,
                        100,
                        false,
                        JobOptions.NONE));
    }

    @Test
    void nullSaysTheSameAsLeavingOut() {
        assertThat(parse("""
                {"prompt": "a cat", "model": null, "n": null, "size": null, "quality": null, "response_format": null,
                 "output_format": null, "output_compression": null, "stream": null, "partial_images": null,
                 "seed": null, "steps": null, "prompt_in_file": null, "user": null, "style": null,
                 "background": null, "moderation": null}""")).isEqualTo(parse("{\"prompt\": \"a cat\"}"));
    }

    @Test
    void everyParameterIsUnderstood() {
        assertThat(parse("""
                {"prompt": "a cat", "model": "an/alias", "n": 10, "size": "1024x128", "quality": "hd",
                 "response_format": "b64_json", "output_format": "jpeg", "output_compression": 0, "stream": false,
                 "partial_images": 3, "seed": 9007199254740991, "prompt_in_file": true, "user": "u", "style": "vivid",
                 "background": "transparent", "moderation": "low"}"""))
                .isEqualTo(new GenerationRequest(
                        TINY,
                        "a cat",
                        10,
                        OptionalLong.of(9007199254740991L),
                        8,
                        new ImageSize(1024, 128),
                        ResponseFormat.B64_JSON,
                        OutputFormat.JPEG,
                        0,
                        true,
                        JobOptions.NONE));
    }

    private static JobOptions options(String rest) {
        return parse("{\"prompt\": \"x\", " + rest + "}").options();
    }

    @Test
    void howToHearOfTheJobIsUnderstood() {
        assertThat(options("\"stream\": true, \"partial_images\": 2, \"metadata\": {\"campaign\": \"s\u00f6mmer\"}"))
                .isEqualTo(new JobOptions(true, 2, Map.of("campaign", "s\u00f6mmer"), Optional.empty()));
        assertThat(options("\"webhook_url\": \"https://a.example/x\"").callback())
                .contains(new Callback("https://a.example/x", Set.of(JobEvent.values()), false));
        assertThat(options("""
                        "webhook_url": "https://a.example", "include": ["data"],
                        "webhook_events": ["image.generation.failed", "image.generation.failed"]""").callback()).contains(new Callback("https://a.example", Set.of(JobEvent.FAILED), true));
        assertThat(options("\"webhook_url\": \"https://a.example\", \"include\": \"data\"")
                        .callback()
                        .orElseThrow()
                        .includeData())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "webhook_url | 'webhook_url': 'ftp://a.example'",
                "webhook_url | 'webhook_url': ['https://a.example', 'https://b.example']",
                "webhook_events | 'webhook_url': 'https://a.example', 'webhook_events': ['batch.completed']",
                "webhook_events | 'webhook_url': 'https://a.example', 'webhook_events': []",
                "webhook_events | 'webhook_url': 'https://a.example', 'webhook_events': [1]",
                "webhook_events | 'webhook_events': ['image.generation.failed']",
                "include | 'webhook_url': 'https://a.example', 'include': ['everything']",
                "include | 'include': ['data']",
                "metadata | 'metadata': {'a': 1}",
                "metadata | 'metadata': {'a': {'b': 'c'}}",
                "metadata | 'metadata': {'a': 'b', 'a': 'c'}",
                "metadata | 'metadata': {'': 'b'}",
                "metadata | 'metadata': ['a']",
                "partial_images | 'partial_images': 4"
            })
    void whatCannotBeMeantIsNamed(String parameter, String rest) {
        String body = "{\"prompt\": \"x\", " + rest.replace('\'', '"') + "}";
        assertThat(refusal(body.getBytes(StandardCharsets.UTF_8)).param()).isEqualTo(parameter);
    }

    @Test
    void metadataIsBounded() {
        String many =
                IntStream.range(0, 17).mapToObj(i -> "\"k" + i + "\": \"v\"").collect(Collectors.joining(", "));
        for (String table : List.of(many, "\"" + "k".repeat(65) + "\": \"v\"", "\"k\": \"" + "v".repeat(513) + "\"")) {
            String body = "{\"prompt\": \"x\", \"metadata\": {" + table + "}}";
            assertThat(refusal(body.getBytes(StandardCharsets.UTF_8)).param()).isEqualTo("metadata");
        }
        assertThat(options("\"metadata\": {\"" + "k".repeat(64) + "\": \"" + "v".repeat(512) + "\"}")
                        .metadata())
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "tiny-lightning, low, 2",
        "tiny-lightning, medium, 4",
        "tiny-lightning, high, 8",
        "tiny-lightning, hd, 8",
        "tiny-lightning, standard, 4",
        "tiny-lightning, auto, 4",
        "coarse, low, 3",
        "coarse, medium, 3",
        "coarse, high, 3",
        "coarse, standard, 1"
    })
    void qualityBecomesTheNearestStepCountOfTheModel(String model, String quality, int steps) {
        assertThat(parse("{\"prompt\": \"x\", \"model\": \"%s\", \"quality\": \"%s\"}".formatted(model, quality))
                        .steps())
                .isEqualTo(steps);
    }

    @Test
    void stepsWinOverQuality() {
        assertThat(parse("{\"prompt\": \"x\", \"quality\": \"low\", \"steps\": 8}")
                        .steps())
                .isEqualTo(8);
    }

    @Test
    void aPromptIsCountedInCodePoints() {
        String cats = "\uD83D\uDC31".repeat(4_000);
        assertThat(parse("{\"prompt\": \"" + cats + "\"}").prompt()).isEqualTo(cats);
        assertThat(refusal(("{\"prompt\": \"" + cats + "!\"}").getBytes(StandardCharsets.UTF_8))
                        .param())
                .isEqualTo("prompt");
    }

    static Stream<Arguments> bad() {
        return Stream.of(
                Arguments.of("", null),
                Arguments.of("   ", null),
                Arguments.of("null", null),
                Arguments.of("[]", null),
                Arguments.of("\"prompt\"", null),
                Arguments.of("{", null),
                Arguments.of("{}", "prompt"),
                Arguments.of("{\"prompt\": \"x\"} {}", null),
                Arguments.of("{\"prompt\": \"x\"}}", null),
                Arguments.of("{\"prompt\": \"x\",}", null),
                Arguments.of("{\"prompt\": \"x\", \"prompt\": \"y\"}", "prompt"),
                Arguments.of("{\"prompt\": \"x\", \"n\": null, \"n\": 1}", "n"),
                Arguments.of("{\"prompt\": \"\"}", "prompt"),
                Arguments.of("{\"prompt\": \" \\n\"}", "prompt"),
                Arguments.of("{\"prompt\": null}", "prompt"),
                Arguments.of("{\"prompt\": 1}", "prompt"),
                Arguments.of("{\"prompt\": [\"x\"]}", "prompt"),
                Arguments.of("{\"prompt\": {\"a\": 1}}", "prompt"),
                Arguments.of("{\"prompt\": \"a\\u0000b\"}", "prompt"),
                Arguments.of("{\"prompt\": \"a\0b\"}", "prompt"),
                Arguments.of("{\"prompt\": \"a\\ud800b\"}", "prompt"),
                Arguments.of("{\"prompt\": \"a\\udc00\\ud800b\"}", "prompt"),
                Arguments.of("{\"prompt\": \"" + "x".repeat(4_001) + "\"}", "prompt"),
                Arguments.of("{\"prompt\": " + "[".repeat(60_000), "prompt"),
                Arguments.of("[".repeat(100_000), null),
                Arguments.of("{\"a\":".repeat(20_000), "a"),
                Arguments.of("{\"prompt\": \"x\", \"n\": 0}", "n"),
                Arguments.of("{\"prompt\": \"x\", \"n\": 11}", "n"),
                Arguments.of("{\"prompt\": \"x\", \"n\": -1}", "n"),
                Arguments.of("{\"prompt\": \"x\", \"n\": 1e9}", "n"),
                Arguments.of("{\"prompt\": \"x\", \"n\": 1000000000}", "n"),
                Arguments.of("{\"prompt\": \"x\", \"n\": 1.5}", "n"),
                Arguments.of("{\"prompt\": \"x\", \"n\": \"2\"}", "n"),
                Arguments.of("{\"prompt\": \"x\", \"n\": true}", "n"),
                Arguments.of("{\"prompt\": \"x\", \"n\": NaN}", "n"),
                Arguments.of("{\"prompt\": \"x\", \"n\": Infinity}", "n"),
                Arguments.of("{\"prompt\": \"x\", \"n\": " + "9".repeat(10_000) + "}", "n"),
                Arguments.of("{\"prompt\": \"x\", \"n\": 1." + "9".repeat(10_000) + "}", "n"),
                Arguments.of("{\"prompt\": \"x\", \"seed\": -1}", "seed"),
                Arguments.of("{\"prompt\": \"x\", \"seed\": 9007199254740992}", "seed"),
                Arguments.of("{\"prompt\": \"x\", \"seed\": 123456789012345678901234567890}", "seed"),
                Arguments.of("{\"prompt\": \"x\", \"steps\": 3}", "steps"),
                Arguments.of("{\"prompt\": \"x\", \"steps\": 0}", "steps"),
                Arguments.of("{\"prompt\": \"x\", \"size\": \"99999x99999\"}", "size"),
                Arguments.of("{\"prompt\": \"x\", \"size\": \"999999999999x1\"}", "size"),
                Arguments.of("{\"prompt\": \"x\", \"size\": \"256\"}", "size"),
                Arguments.of("{\"prompt\": \"x\", \"size\": \"256x255\"}", "size"),
                Arguments.of("{\"prompt\": \"x\", \"size\": \"\"}", "size"),
                Arguments.of("{\"prompt\": \"x\", \"size\": 256}", "size"),
                Arguments.of("{\"prompt\": \"x\", \"quality\": \"best\"}", "quality"),
                Arguments.of("{\"prompt\": \"x\", \"response_format\": \"png\"}", "response_format"),
                Arguments.of("{\"prompt\": \"x\", \"output_format\": \"webp\"}", "output_format"),
                Arguments.of("{\"prompt\": \"x\", \"output_compression\": 101}", "output_compression"),
                Arguments.of("{\"prompt\": \"x\", \"stream\": 1}", "stream"),
                Arguments.of("{\"prompt\": \"x\", \"partial_images\": 4}", "partial_images"),
                Arguments.of("{\"prompt\": \"x\", \"user\": 5}", "user"),
                Arguments.of("{\"prompt\": \"x\", \"style\": {}}", "style"),
                Arguments.of("{\"prompt\": \"x\", \"negative_prompt\": \"y\"}", "negative_prompt"),
                Arguments.of("{\"prompt\": \"x\", \"Prompt\": \"y\"}", "Prompt"));
    }

    @ParameterizedTest
    @MethodSource("bad")
    void whatIsWrongIsRefusedAndNamed(String body, String param) {
        long begun = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        ApiError error = refusal(body.getBytes(StandardCharsets.UTF_8));

        assertThat(error.kind()).isEqualTo(ErrorKind.INVALID_REQUEST);
        assertThat(error.param()).isEqualTo(param);
        assertThat(error.message()).isNotBlank();
        long spent = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - begun;
        assertThat(spent / 1_000_000).isLessThan(500);
    }

    @Test
    void bytesThatAreNoUtf8AreRefused() {
        byte[] body = "{\"prompt\": \"x?\"}".getBytes(StandardCharsets.US_ASCII);
        body[13] = (byte) 0xff;
        assertThat(refusal(body).message()).contains("UTF-8");
        assertThat(refusal("{\"prompt\": \"x\"}".getBytes(StandardCharsets.UTF_16))
                        .kind())
                .isEqualTo(ErrorKind.INVALID_REQUEST);
    }

    @Test
    void anUnknownModelIsNotFound() {
        ApiError error = refusal("{\"prompt\": \"x\", \"model\": \"dall-e-9\"}".getBytes(StandardCharsets.UTF_8));
        assertThat(error.kind()).isEqualTo(ErrorKind.NOT_FOUND);
        assertThat(error.code()).isEqualTo("model_not_found");
        assertThat(error.param()).isEqualTo("model");
    }
}
