package dev.thunderhead.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thunderhead.config.Environment;
import dev.thunderhead.frontend.account.KeysFile;
import dev.thunderhead.frontend.account.Limits;
import dev.thunderhead.job.Account;
import dev.thunderhead.lifecycle.Closer;
import dev.thunderhead.storage.S3ObjectStore;
import dev.thunderhead.storage.S3Settings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every part in a process of its own, as a user starts them in a few terminals. */
@Timeout(600)
class ClusterIT {
    private static final String STANDALONE = "deploy/standalone/target/standalone.jar";
    private static final String FRONTEND = "api-frontend/target/api-frontend.jar";
    private static final String WORKER = "render-worker/target/render-worker.jar";
    private static final Account ACCOUNT = new Account("acme");

    @TempDir
    private Path data;

    private final Closer processes = new Closer();
    private final Map<String, String> backing = new HashMap<>();
    private JavaProcess frontend;
    private PictureClient client;

    /** A worker's process, and where it tells how it is. */
    private record Worker(JavaProcess process, Management management) {}

    @BeforeEach
    void start() throws IOException {
        JavaProcess broker = standalone("broker");
        JavaProcess store = standalone("store");
        broker.awaitLine("READY ");
        store.awaitLine("READY ");
        broker.exports(backing);
        store.exports(backing);
        backing.put("THUNDERHEAD_HOST", "127.0.0.1");
        backing.put("THUNDERHEAD_MODELS", Settings.builtInModel().toString());
        client = startFrontend();
    }

    @AfterEach
    void stop() throws IOException {
        processes.close();
    }

    @Test
    void processesThatShareOnlyBrokerAndStoreRenderAPicture() throws Exception {
        Worker worker = worker();
        worker.management().awaitReady();
        PictureClient.Answer answer = client.generate(Map.of("prompt", "a red circle", "seed", 7));
        Picture.assertShowsSomething(client.download(answer.url()), 256, 256);
        assertThat(worker.process().terminate()).isZero();
        assertThat(frontend.terminate()).isZero();
    }

    @Test
    @Tag("survival")
    void workerThatIsKilledWhileItRendersLeavesOneVisibleResult() throws Exception {
        List<Worker> workers = List.of(worker(), worker());
        for (Worker worker : workers) {
            worker.management().awaitReady();
        }
        Map<String, Object> slow = Map.of("prompt", "a red circle", "seed", 7, "size", "640x640", "steps", 8);
        CompletableFuture<PictureClient.Answer> answer = CompletableFuture.supplyAsync(() -> {
            try {
                return client.generate(slow);
            } catch (IOException | InterruptedException problem) {
                throw new IllegalStateException(problem);
            }
        });
        killWhoeverHolds(workers);
        assertThat(answer).isNotDone();
        Picture.assertShowsSomething(client.download(answer.join().url()), 640, 640);
        assertThat(outcomes()).hasSize(1);
    }

    private static void killWhoeverHolds(List<Worker> workers) throws InterruptedException {
        String held = "thunderhead_worker_tasks_held\\{lane=\"interactive\"\\} [1-9].*";
        while (true) {
            for (Worker worker : workers) {
                if (worker.management().metrics().lines().anyMatch(line -> line.matches(held))) {
                    worker.process().kill();
                    return;
                }
            }
            Thread.sleep(5);
        }
    }

    private List<String> outcomes() throws IOException {
        Map<String, String> settings = new HashMap<>(backing);
        settings.keySet().removeIf(name -> !name.startsWith("THUNDERHEAD_S3_"));
        try (S3ObjectStore store = S3ObjectStore.open(Environment.read(settings, S3Settings::from))) {
            return store.list("tasks/" + ACCOUNT + "/");
        }
    }

    private JavaProcess standalone(String command) throws IOException {
        return processes.add(
                JavaProcess.start(STANDALONE, Map.of(), command, "--data", data.toString(), "--port", "0"));
    }

    private Worker worker() throws IOException {
        int port = Management.freePort();
        Map<String, String> environment = new HashMap<>(backing);
        environment.put("THUNDERHEAD_MANAGEMENT_PORT", Integer.toString(port));
        environment.put("THUNDERHEAD_THREADS", "1");
        JavaProcess process = processes.add(JavaProcess.start(WORKER, environment));
        return new Worker(process, new Management(process, port));
    }

    private PictureClient startFrontend() throws IOException {
        KeysFile keys = new KeysFile(data.resolve("keys.json"));
        String key = keys.add(ACCOUNT, Limits.STANDARD).text();
        int port = Management.freePort();
        int managementPort = Management.freePort();
        Map<String, String> environment = new HashMap<>(backing);
        environment.put("THUNDERHEAD_PORT", Integer.toString(port));
        environment.put("THUNDERHEAD_MANAGEMENT_PORT", Integer.toString(managementPort));
        environment.put("THUNDERHEAD_KEYS_FILE", keys.path().toString());
        environment.put("THUNDERHEAD_MEDIA_SECRET", "a secret that is long enough to sign with");
        frontend = processes.add(JavaProcess.start(FRONTEND, environment));
        new Management(frontend, managementPort).awaitReady();
        return new PictureClient(URI.create("http://127.0.0.1:" + port), key);
    }
}
