package dev.thunderhead.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.OpenAIException;
import com.openai.models.images.ImageGenCompletedEvent;
import com.openai.models.images.ImageGenPartialImageEvent;
import com.openai.models.images.ImageGenStreamEvent;
import com.openai.models.images.ImageGenerateParams;
import dev.thunderhead.job.FailureCode;
import dev.thunderhead.job.Outcome;
import dev.thunderhead.job.RenderProgress;
import dev.thunderhead.job.RenderTask;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Pictures that are watched while they are rendered, by the official client and by a plain one. */
@Timeout(120)
class StreamImagesIT {
    /** A first and a last step take their time, in milliseconds. */
    private static final int STEP = 200;

    private static final String GENERATIONS = "/v1/images/generations";

    /** Prompts whose pictures are finished only when the test says so. */
    private static final Map<String, CountDownLatch> GATES = new ConcurrentHashMap<>();

    @TempDir
    static Path data;

    private static Backing backing;
    private static Frontend frontend;
    private static FakeWorker worker;
    private static Client client;
    private static OpenAIClient official;

    @BeforeAll
    static void start() throws Exception {
        backing = new Backing(data);
        frontend = backing.frontend(Backing.CALLS);
        worker = new FakeWorker(backing.kafka(), backing.store, StreamImagesIT::render);
        client = backing.client(frontend);
        official = OpenAIOkHttpClient.builder()
                .baseUrl("http://127.0.0.1:" + frontend.port() + "/v1")
                .apiKey(backing.key.text())
                .maxRetries(0)
                .timeout(Duration.ofSeconds(60))
                .build();
    }

    @AfterAll
    static void stop() throws Exception {
        GATES.values().forEach(CountDownLatch::countDown);
        official.close();
        worker.close();
        frontend.close();
        backing.close();
    }

    private static Outcome render(RenderTask task) {
        int shown = 0;
        try {
            // Progress is told once, to those who listen by then.
            Thread.sleep(STEP);
        } catch (InterruptedException interrupt) {
            throw new AssertionError(interrupt);
        }
        for (int step = 1; step <= task.steps(); step++) {
            boolean show = shown < task.job().previews();
            Optional<RenderProgress.Preview> preview =
                    show ? Optional.of(new RenderProgress.Preview(shown, preview(task, shown))) : Optional.empty();
            backing.publish(new RenderProgress.StepDone(task.id(), Instant.now(), step, task.steps(), preview));
            shown += show ? 1 : 0;
        }
        try {
            // The end travels in a topic of its own, and could overtake the previews.
            Thread.sleep(STEP);
            if (!GATES.getOrDefault(task.prompt(), new CountDownLatch(0)).await(60, TimeUnit.SECONDS)) {
                throw new AssertionError("the test forgot " + task.prompt());
            }
        } catch (InterruptedException interrupt) {
            throw new AssertionError(interrupt);
        }
        boolean fails = task.prompt().startsWith("fails") && task.id().index() == 0;
        return fails
                ? new Outcome.Failed(FailureCode.SPOILED_PICTURE, "there is no picture", Instant.now())
                : FakeWorker.picture(task);
    }

    private static byte[] preview(RenderTask task, int index) {
        return ("preview " + index + " of " + task.seed()).getBytes(StandardCharsets.UTF_8);
    }

    private static String decoded(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }

    private static ImageGenerateParams.Builder picture(String prompt) {
        return ImageGenerateParams.builder()
                .prompt(prompt)
                .model("tiny-lightning")
                .putAdditionalBodyProperty("seed", JsonValue.from(7));
    }

    private static SseClient stream(String body, String... headers) throws Exception {
        HttpRequest.Builder request = client.request(GENERATIONS).header("content-type", "application/json");
        if (headers.length > 0) {
            request.headers(headers);
        }
        return new SseClient(
                request.POST(HttpRequest.BodyPublishers.ofString(body)).build());
    }

    @Test
    void theOfficialClientSeesThePreviewsAndThenThePicture() {
        List<ImageGenStreamEvent> events = new ArrayList<>();
        try (StreamResponse<ImageGenStreamEvent> stream = official.images()
                .generateStreaming(picture("a cat").partialImages(2).build())) {
            stream.stream().map(ImageGenStreamEvent::validate).forEach(events::add);
        }

        assertThat(events).hasSize(3);
        for (int i = 0; i < 2; i++) {
            ImageGenPartialImageEvent preview = events.get(i).asGenerationPartialImage();
            assertThat(decoded(preview.b64Json())).isEqualTo("preview " + i + " of 7");
            assertThat(preview.partialImageIndex()).isEqualTo(i);
            assertThat(preview.size().asString()).isEqualTo("256x256");
            assertThat(preview.quality()).isEqualTo(ImageGenPartialImageEvent.Quality.MEDIUM);
            assertThat(preview.background()).isEqualTo(ImageGenPartialImageEvent.Background.OPAQUE);
            assertThat(preview.outputFormat()).isEqualTo(ImageGenPartialImageEvent.OutputFormat.JPEG);
            assertThat(preview.createdAt()).isPositive();
        }
        ImageGenCompletedEvent completed = events.get(2).asGenerationCompleted();
        assertThat(decoded(completed.b64Json())).isEqualTo("picture of a cat with seed 7");
        assertThat(completed.outputFormat()).isEqualTo(ImageGenCompletedEvent.OutputFormat.PNG);
        assertThat(completed.quality()).isEqualTo(ImageGenCompletedEvent.Quality.MEDIUM);
        assertThat(completed.background()).isEqualTo(ImageGenCompletedEvent.Background.OPAQUE);
        assertThat(completed.size().asString()).isEqualTo("256x256");
        assertThat(completed.createdAt()).isPositive();
        assertThat(completed.usage().outputTokens()).isEqualTo(256);
        assertThat(completed.usage().totalTokens()).isEqualTo(258);
    }

    @Test
    void theOfficialClientThrowsWhatTheStreamTellsOfAFailure() {
        try (StreamResponse<ImageGenStreamEvent> stream =
                official.images().generateStreaming(picture("fails").build())) {
            assertThatThrownBy(() -> stream.stream().toList())
                    .isInstanceOf(OpenAIException.class)
                    .hasMessageContaining("there is no picture");
        }
    }

    @Test
    void previewsComeBeforeThePictureIsFinished() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        GATES.put("a slow cat", gate);
        try (SseClient stream = stream("{\"prompt\": \"a slow cat\", \"stream\": true, \"partial_images\": 1}")) {
            assertThat(stream.status()).isEqualTo(200);
            assertThat(stream.header("content-type")).hasValue("text/event-stream; charset=utf-8");
            assertThat(stream.header("x-thunderhead-model")).hasValue("tiny-lightning");
            assertThat(stream.header("x-thunderhead-job").orElseThrow()).startsWith("job_");
            SseClient.Event preview = stream.next().orElseThrow();
            assertThat(preview.name()).isEqualTo("image_generation.partial_image");
            assertThat(preview.data().get("type").asText()).isEqualTo(preview.name());
            gate.countDown();
            List<SseClient.Event> rest = stream.rest();
            assertThat(rest)
                    .singleElement()
                    .satisfies(event -> assertThat(event.name()).isEqualTo("image_generation.completed"));
        }
    }

    @Test
    void ofSeveralPicturesEachComesWithItsIndexAndSeed() throws Exception {
        try (SseClient stream =
                stream("{\"prompt\": \"cats\", \"stream\": true, \"partial_images\": 1, \"n\": 3, \"seed\": 20}")) {
            List<SseClient.Event> events = stream.rest();
            for (int index = 0; index < 3; index++) {
                int picture = index;
                List<JsonNode> own = events.stream()
                        .map(SseClient.Event::data)
                        .filter(event -> event.get("index").asInt() == picture)
                        .toList();
                assertThat(own).hasSize(2);
                assertThat(decoded(own.get(0).get("b64_json").asText())).isEqualTo("preview 0 of " + (20 + index));
                assertThat(decoded(own.get(1).get("b64_json").asText()))
                        .isEqualTo("picture of cats with seed " + (20 + index));
                assertThat(own.get(1).get("seed").asInt()).isEqualTo(20 + index);
                assertThat(own.get(1).at("/usage/output_tokens").asInt()).isEqualTo(256);
            }
            assertThat(events).hasSize(6);
        }
    }

    @Test
    void whenAPictureFailsTheOthersComeAndThenTheError() throws Exception {
        try (SseClient stream = stream("{\"prompt\": \"fails in part\", \"stream\": true, \"n\": 2}")) {
            List<SseClient.Event> events = stream.rest();
            assertThat(events).hasSize(2);
            assertThat(events.get(0).name()).isEqualTo("image_generation.completed");
            assertThat(events.get(0).data().get("index").asInt()).isEqualTo(1);
            assertThat(events.get(1).name()).isEmpty();
            JsonNode error = events.get(1).data().get("error");
            assertThat(error.get("code").asText()).isEqualTo("spoiled_picture");
            assertThat(error.has("param")).isTrue();
            assertThat(error.get("type").asText()).isEqualTo("server_error");
        }
    }

    @Test
    void aStreamThatIsAskedForAgainWithItsKeyBringsTheSamePicture() throws Exception {
        String body = "{\"prompt\": \"once\", \"stream\": true}";
        List<String> pictures = new ArrayList<>();
        List<String> jobs = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            try (SseClient stream = stream(body, "Idempotency-Key", "a stream")) {
                jobs.add(stream.header("x-thunderhead-job").orElseThrow());
                JsonNode only = stream.rest().get(0).data();
                pictures.add(only.get("b64_json").asText() + only.get("seed").asText());
            }
        }
        assertThat(pictures.get(1)).isEqualTo(pictures.get(0));
        assertThat(jobs.get(1)).isEqualTo(jobs.get(0));
    }

    @Test
    void aClientThatHangsUpCallsItsJobOff() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        GATES.put("nobody waits", gate);
        String job;
        try (SseClient stream = stream("{\"prompt\": \"nobody waits\", \"stream\": true, \"partial_images\": 1}")) {
            job = stream.header("x-thunderhead-job").orElseThrow();
            assertThat(stream.next()).isPresent();
        }
        await().atMost(Duration.ofSeconds(60))
                .until(() -> client.get("/v1/jobs/" + job)
                        .json()
                        .get("status")
                        .asText()
                        .equals("cancelled"));
        gate.countDown();
    }

    @Test
    void whatCannotBeStreamedIsRefusedInOnePiece() throws Exception {
        Client.Answer unknown = client.generate("{\"prompt\": \"x\", \"stream\": true, \"partial_images\": 4}");
        assertThat(unknown.status()).isEqualTo(400);
        assertThat(unknown.error().get("param").asText()).isEqualTo("partial_images");
        Client.Answer both =
                client.post(GENERATIONS, "{\"prompt\": \"x\", \"stream\": true}", "Prefer", "respond-async");
        assertThat(both.status()).isEqualTo(400);
        assertThat(both.error().get("param").asText()).isEqualTo("stream");
    }
}
