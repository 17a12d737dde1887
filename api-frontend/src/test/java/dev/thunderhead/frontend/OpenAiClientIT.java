package dev.thunderhead.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.images.Image;
import com.openai.models.images.ImageGenerateParams;
import com.openai.models.images.ImagesResponse;
import com.openai.models.models.Model;
import dev.thunderhead.frontend.account.Limits;
import dev.thunderhead.job.FailureCode;
import dev.thunderhead.job.Outcome;
import dev.thunderhead.job.RenderTask;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The official client against the real server, with parameters that OpenAI has deprecated and callers still send. */
@SuppressWarnings("deprecation")
class OpenAiClientIT {
    private static final AtomicInteger RENDERED = new AtomicInteger();

    @TempDir
    static Path data;

    private static Backing backing;
    private static Frontend frontend;
    private static FakeWorker worker;
    private static OpenAIClient client;

    @BeforeAll
    static void start() throws Exception {
        backing = new Backing(data);
        frontend = backing.frontend(Backing.CALLS);
        worker = new FakeWorker(backing.kafka(), backing.store, OpenAiClientIT::asThePromptSays);
        client = client(backing.key.text(), 0);
    }

    @AfterAll
    static void stop() throws Exception {
        worker.close();
        frontend.close();
        backing.close();
    }

    @BeforeEach
    void count() {
        RENDERED.set(0);
    }

    private static OpenAIClient client(String key, int retries) {
        return OpenAIOkHttpClient.builder()
                .baseUrl("http://127.0.0.1:" + frontend.port() + "/v1")
                .apiKey(key)
                .maxRetries(retries)
                .timeout(Duration.ofSeconds(60))
                .build();
    }

    private static Outcome asThePromptSays(RenderTask task) {
        int attempt = RENDERED.incrementAndGet();
        return switch (task.prompt()) {
            case "busy at first" -> attempt == 1 ? failed(FailureCode.MODEL_UNAVAILABLE) : FakeWorker.picture(task);
            case "always busy" -> failed(FailureCode.MODEL_UNAVAILABLE);
            case "hopeless" -> failed(FailureCode.SPOILED_PICTURE);
            default -> FakeWorker.picture(task);
        };
    }

    private static Outcome failed(FailureCode code) {
        return new Outcome.Failed(code, "it went wrong", Instant.now());
    }

    private static ImageGenerateParams.Builder picture(String prompt) {
        return ImageGenerateParams.builder().prompt(prompt).model("tiny-lightning");
    }

    @Test
    void picturesComeAsAddresses() throws Exception {
        ImagesResponse response = client.images()
                .generate(picture("a cat")
                        .n(2)
                        .size(ImageGenerateParams.Size._512X512)
                        .quality(ImageGenerateParams.Quality.HIGH)
                        .user("somebody")
                        .putAdditionalBodyProperty("seed", JsonValue.from(7))
                        .build());

        assertThat(response.created()).isPositive();
        assertThat(response.data().orElseThrow())
                .hasSize(2)
                .allSatisfy(image -> assertThat(image.url()).isPresent());
        assertThat(response.size().orElseThrow().asString()).isEqualTo("512x512");
        assertThat(response.quality().orElseThrow()).isEqualTo(ImagesResponse.Quality.HIGH);
        assertThat(response.outputFormat().orElseThrow()).isEqualTo(ImagesResponse.OutputFormat.PNG);
        assertThat(response.background().orElseThrow()).isEqualTo(ImagesResponse.Background.OPAQUE);
        assertThat(response.usage().orElseThrow().inputTokens()).isEqualTo(2);
        Image second = response.data().orElseThrow().get(1);
        assertThat(second._additionalProperties().get("seed").convert(Long.class))
                .isEqualTo(8);
        Client.Answer redirect = Client.fetch(second.url().orElseThrow());
        assertThat(Client.fetch(redirect.header("location")).raw().body())
                .asString()
                .isEqualTo("picture of a cat with seed 8");
    }

    @Test
    void picturesComeAsFiles() {
        ImagesResponse response = client.images()
                .generate(picture("a dog")
                        .model(Backing.ALIAS)
                        .responseFormat(ImageGenerateParams.ResponseFormat.B64_JSON)
                        .outputFormat(ImageGenerateParams.OutputFormat.JPEG)
                        .outputCompression(80)
                        .style(ImageGenerateParams.Style.VIVID)
                        .background(ImageGenerateParams.Background.AUTO)
                        .moderation(ImageGenerateParams.Moderation.LOW)
                        .putAdditionalBodyProperty("seed", JsonValue.from(1))
                        .build());

        String base64 = response.data().orElseThrow().get(0).b64Json().orElseThrow();
        assertThat(new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8))
                .isEqualTo("picture of a dog with seed 1");
    }

    @Test
    void modelsAreListedAndRetrieved() {
        assertThat(client.models().list().data())
                .extracting(Model::id)
                .containsExactly("tiny-lightning", Backing.ALIAS);
        assertThat(client.models().retrieve(Backing.ALIAS).ownedBy()).isEqualTo("thunderhead");
        assertThatThrownBy(() -> client.models().retrieve("nothing")).isInstanceOf(NotFoundException.class);
    }

    @Test
    void errorsAreThoseOfItsOwnTypes() throws Exception {
        assertThatThrownBy(() ->
                        client("th_wrong", 0).images().generate(picture("x").build()))
                .isInstanceOf(UnauthorizedException.class);
        assertThatThrownBy(() ->
                        client.images().generate(picture("x").model("dall-e-9").build()))
                .isInstanceOf(NotFoundException.class);
        BadRequestException bad = catchThrowableOfType(
                BadRequestException.class,
                () -> client.images()
                        .generate(picture("x")
                                .outputFormat(ImageGenerateParams.OutputFormat.WEBP)
                                .build()));
        assertThat(bad.param()).contains("output_format");
        assertThat(bad.type()).contains("invalid_request_error");
        InternalServerException busy = catchThrowableOfType(
                InternalServerException.class,
                () -> client.images().generate(picture("always busy").build()));
        assertThat(busy.statusCode()).isEqualTo(503);
        assertThat(busy.code()).contains("model_unavailable");
        String narrow = backing.newKey(frontend, "narrow", new Limits(1, 1)).text();
        client(narrow, 0).images().generate(picture("x").build());
        RateLimitException limited = catchThrowableOfType(
                RateLimitException.class,
                () -> client(narrow, 0).images().generate(picture("x").build()));
        assertThat(limited.code()).contains("rate_limit_exceeded");
        assertThat(limited.headers().values("retry-after")).hasSize(1);
    }

    @Test
    void itTriesAgainWhenItIsToldTo() {
        long begun = System.nanoTime();
        ImagesResponse response = client(backing.key.text(), 2)
                .images()
                .generate(picture("busy at first").build());

        assertThat(response.data().orElseThrow()).hasSize(1);
        assertThat(RENDERED).hasValue(2);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(4_900));
    }

    @Test
    void itDoesNotTryAgainWhatCannotWork() {
        assertThatThrownBy(() -> client(backing.key.text(), 2)
                        .images()
                        .generate(picture("hopeless").build()))
                .isInstanceOf(InternalServerException.class);
        assertThat(RENDERED).hasValue(1);
    }
}
