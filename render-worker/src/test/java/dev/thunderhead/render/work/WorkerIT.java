package dev.thunderhead.render.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.thunderhead.job.Lane;
import dev.thunderhead.job.Outcome;
import dev.thunderhead.job.OutputFormat;
import dev.thunderhead.job.RenderTask;
import dev.thunderhead.kafka.KafkaSettings;
import dev.thunderhead.render.ModelSettings;
import dev.thunderhead.render.RenderWorker;
import dev.thunderhead.render.WorkerConfig;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The whole worker, through the door that production uses. */
@Timeout(60)
@ExtendWith(SharedCloud.class)
class WorkerIT {
    private final Cloud cloud;

    WorkerIT(Cloud cloud) {
        this.cloud = cloud;
    }

    @Test
    void rendersAPictureAndServesHealthAndMetrics() throws Exception {
        try (RenderWorker worker = RenderWorker.start(config("whole"), WorkerIT::studio)) {
            await().atMost(Cloud.PATIENCE).until(worker.readiness()::isReady);
            RenderTask task = cloud.submit(Cloud.task(Lane.INTERACTIVE, "never in a metric"));
            await().atMost(Cloud.PATIENCE).until(() -> cloud.outcome(task).isPresent());

            BufferedImage image = ImageIO.read(new ByteArrayInputStream(
                    cloud.store().get(task.outcomeKey()).orElseThrow()));
            assertThat(image.getWidth()).isEqualTo(64);
            assertThat(get(worker, "/healthz").statusCode()).isEqualTo(200);
            assertThat(get(worker, "/readyz").statusCode()).isEqualTo(200);
            assertThat(get(worker, "/metrics").body())
                    .contains(
                            "thunderhead_worker_tasks_ended_total{lane=\"interactive\",outcome=\"picture\"} 1.0",
                            "thunderhead_worker_tasks_held{lane=\"bulk\"} 0",
                            "thunderhead_worker_stage_seconds_bucket",
                            "stage=\"upload\"",
                            "thunderhead_worker_batch_pictures",
                            "thunderhead_worker_renderer_busy_seconds")
                    .doesNotContain("never in a metric");
        }
    }

    @Test
    void writesAJpegFileWhenTheTaskAsksForOne() throws Exception {
        try (RenderWorker worker = RenderWorker.start(config("jpeg"), WorkerIT::studio)) {
            assertThat(worker.managementPort()).isPositive();
            RenderTask task = cloud.submit(Cloud.jpegTask("a photograph"));
            await().atMost(Cloud.PATIENCE).until(() -> cloud.outcome(task).isPresent());

            assertThat(((Outcome.Picture) cloud.outcome(task).orElseThrow()).format())
                    .isEqualTo(OutputFormat.JPEG);
            assertThat(cloud.store().head(task.outcomeKey()).orElseThrow().mediaType())
                    .isEqualTo("image/jpeg");
            byte[] file = cloud.store().get(task.outcomeKey()).orElseThrow();
            assertThat(file).startsWith(0xff, 0xd8, 0xff);
            assertThat(ImageIO.read(new ByteArrayInputStream(file)).getHeight()).isEqualTo(64);
        }
    }

    @Test
    void isNotReadyBeforeItsModelsAreLoadedAndItsClaimsHaveJoined() throws Exception {
        int port = freePort();
        CountDownLatch load = new CountDownLatch(1);
        Future<RenderWorker> starting = CompletableFuture.supplyAsync(() -> startWhen(load, port));
        try {
            await().atMost(Cloud.PATIENCE).ignoreExceptions().until(() -> status(port, "/readyz") == 503);
            assertThat(status(port, "/healthz")).isEqualTo(200);
        } finally {
            load.countDown();
        }
        try (RenderWorker worker = starting.get(40, TimeUnit.SECONDS)) {
            await().atMost(Cloud.PATIENCE).until(() -> status(port, "/readyz") == 200);
            assertThat(worker.readiness().isReady()).isTrue();
        }
    }

    private RenderWorker startWhen(CountDownLatch load, int port) {
        try {
            return RenderWorker.start(config("slow", port), () -> {
                load.await();
                return studio();
            });
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Test
    void saysWhatIsWrongWhenAModelCannotBeOpened() {
        assertThatThrownBy(() -> RenderWorker.start(config("broken"), () -> {
                    throw new IOException("models/none: no such file");
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("models/none: no such file");
    }

    private static Studio studio() throws IOException {
        return Studio.open(
                List.of(new SleepingPainter(Duration.ofMillis(10))), ModelSettings.files(1), ModelSettings.previews());
    }

    private WorkerConfig config(String id) {
        return config(id, 0);
    }

    private WorkerConfig config(String id, int port) {
        return new WorkerConfig(
                id,
                new KafkaSettings(cloud.kafka().settings().bootstrap(), Map.of(), 1, 1),
                cloud.storeSettings(),
                TestWorker.Options.settings(4, Duration.ofSeconds(5)),
                new WorkerConfig.ManagementAddress("127.0.0.1", port));
    }

    private static HttpResponse<String> get(RenderWorker worker, String path) throws Exception {
        return get(worker.managementPort(), path);
    }

    private static int status(int port, String path) throws Exception {
        return get(port, path).statusCode();
    }

    private static HttpResponse<String> get(int port, String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + port + path);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
}
