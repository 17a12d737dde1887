package dev.thunderhead.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.images.ImageGenerateParams;
import com.openai.models.images.ImagesResponse;
import dev.thunderhead.job.RenderTask;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that stop waiting: their SDK's retry takes over what they left, and what nobody takes over is called off. */
@SuppressWarnings("try")
class OrphanIT {
    private static final String GENERATIONS = "/v1/images/generations";

    @TempDir
    static Path data;

    private static Backing backing;
    private static Frontend one;
    private static Frontend other;

    @BeforeAll
    static void start() throws Exception {
        backing = new Backing(data);
        one = backing.frontend(Backing.CALLS, Backing.LOCAL_CALLBACKS);
        other = backing.frontend(Backing.CALLS, Backing.LOCAL_CALLBACKS);
    }

    @AfterAll
    static void stop() throws Exception {
        one.close();
        other.close();
        backing.close();
    }

    private static double open(Frontend frontend) throws Exception {
        return Backing.metric(frontend, "thunderhead_tasks_open{lane=\"interactive\"}");
    }

    private static void awaitOpen(int tasks) {
        await().atMost(Duration.ofSeconds(30)).until(() -> open(other) == tasks && open(one) == tasks);
    }

    private static Client.Answer impatient(Client client, String body, int retries) throws Exception {
        return client.post(GENERATIONS, body, "x-stainless-read-timeout", "1", "x-stainless-retry-count", "" + retries);
    }

    @Test
    void aRetryTakesOverTheJobThatItsFirstTryLeftOnce() throws Exception {
        String body = "{\"prompt\": \"left\"}";
        Client.Answer first = impatient(backing.client(one), body, 0);
        assertThat(first.status()).isEqualTo(503);
        assertThat(first.error().get("code").asText()).isEqualTo("still_rendering");
        assertThat(first.header("retry-after")).isNotNull();
        String job = first.header("x-thunderhead-job");
        assertThat(first.error().get("message").asText()).contains(job);

        Client.Answer second = impatient(backing.client(other), body, 1);
        assertThat(second.status()).isEqualTo(503);
        assertThat(second.header("x-thunderhead-job")).isEqualTo(job);
        awaitOpen(1);

        CompletableFuture<Client.Answer> taker =
                backing.client(one).postLater(GENERATIONS, body, "x-stainless-retry-count", "2");
        Client.Answer tooLate = impatient(backing.client(other), body, 2);
        assertThat(tooLate.header("x-thunderhead-job")).isNotNull();
        awaitOpen(2);
        try (FakeWorker worker = FakeWorker.painting(backing)) {
            Client.Answer answer = taker.get(30, TimeUnit.SECONDS);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(List.of(answer.header("x-thunderhead-job"), tooLate.header("x-thunderhead-job")))
                    .contains(job)
                    .doesNotHaveDuplicates();
            awaitOpen(0);
        }
    }

    @Test
    void twoEqualRequestsThatAreNoRetriesStayTwo() throws Exception {
        String body = "{\"prompt\": \"twins\"}";
        Client.Answer first = impatient(backing.client(one), body, 0);
        Client.Answer second = impatient(backing.client(one), body, 0);
        assertThat(second.header("x-thunderhead-job")).isNotEqualTo(first.header("x-thunderhead-job"));
        try (FakeWorker worker = FakeWorker.painting(backing)) {
            awaitOpen(0);
        }
    }

    @Test
    void theOfficialClientsOwnRetryGetsThePictureOfItsFirstTry() throws Exception {
        Map<String, Integer> rendered = new ConcurrentHashMap<>();
        OpenAIClient client = OpenAIOkHttpClient.builder()
                .baseUrl("http://127.0.0.1:" + one.port() + "/v1")
                .apiKey(backing.key.text())
                .timeout(Duration.ofSeconds(2))
                .maxRetries(2)
                .build();
        CompletableFuture<ImagesResponse> answer = CompletableFuture.supplyAsync(() -> client.images()
                .generate(ImageGenerateParams.builder().prompt("patience").build()));
        awaitOpen(1);
        Thread.sleep(2_500);
        try (FakeWorker worker = new FakeWorker(backing.kafka(), backing.store, task -> {
            rendered.merge(name(task), 1, Integer::sum);
            return FakeWorker.picture(task);
        })) {
            assertThat(answer.get(30, TimeUnit.SECONDS).data().orElseThrow()).hasSize(1);
            awaitOpen(0);
        }
        assertThat(rendered).hasSize(1);
    }

    private static String name(RenderTask task) {
        return task.id().toString();
    }

    @Test
    void whatAClientLeavesByHangingUpIsCalledOffUnlessItCanStillBeHeardOf() throws Exception {
        Client plain = backing.client(one);
        hangUp(plain, "{\"prompt\": \"nobody waits\"}");
        hangUp(plain, "{\"prompt\": \"somebody asks\"}", "Idempotency-Key", "mine");
        hangUp(plain, "{\"prompt\": \"somebody is called\", \"webhook_url\": \"http://127.0.0.1:9/x\"}");
        awaitOpen(3);
        awaitOpen(2);
        Thread.sleep(1_000);
        awaitOpen(2);
        assertThat(plain.get("/v1/jobs?status=cancelled").json().get("data")).isNotEmpty();
        try (FakeWorker worker = FakeWorker.painting(backing)) {
            awaitOpen(0);
        }
    }

    @Test
    void whoComesBackWithinTheGraceGetsTheSameJob() throws Exception {
        Client client = backing.client(one);
        String body = "{\"prompt\": \"back again\"}";
        hangUp(client, body);
        awaitOpen(1);
        CompletableFuture<Client.Answer> retry =
                backing.client(other).postLater(GENERATIONS, body, "x-stainless-retry-count", "1");
        Thread.sleep(3_000);
        awaitOpen(1);
        try (FakeWorker worker = FakeWorker.painting(backing)) {
            assertThat(retry.get(30, TimeUnit.SECONDS).status()).isEqualTo(200);
        }
    }

    private static void hangUp(Client client, String body, String... headers) throws Exception {
        int before = (int) open(one);
        CompletableFuture<Client.Answer> answer = client.postLater(GENERATIONS, body, headers);
        await().atMost(Duration.ofSeconds(20)).until(() -> open(one) == before + 1);
        answer.cancel(true);
    }
}
