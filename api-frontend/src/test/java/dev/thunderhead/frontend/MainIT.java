package dev.thunderhead.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged service as a process. */
class MainIT {
    @TempDir
    Path data;

    @Test
    void itSaysAllThatItMisses() throws Exception {
        FrontendProcess process = FrontendProcess.start(data, Map.of("THUNDERHEAD_PORT", "x"));
        assertThat(process.exitStatus()).isEqualTo(2);
        assertThat(process.output().lines())
                .anyMatch(line -> line.startsWith("THUNDERHEAD_PORT: "))
                .anyMatch(line -> line.startsWith("THUNDERHEAD_KAFKA: "));
    }

    @Test
    void aRequestInFlightIsAnsweredWhenItIsToldToStopAndNothingSecretIsLogged() throws Exception {
        try (Backing backing = new Backing(data)) {
            try (FrontendProcess process = FrontendProcess.ready(data, backing.environment());
                    FakeWorker worker = new FakeWorker(backing.kafka(), backing.store, task -> {
                        pause();
                        return FakeWorker.picture(task);
                    })) {
                CompletableFuture<Client.Answer> answer =
                        process.client(backing.key.text()).generateLater("{\"prompt\": \"a secret wish\"}");
                await().atMost(Duration.ofSeconds(10)).until(() -> backing.recordsEver() > 0);
                process.terminate();

                assertThat(answer.get(30, TimeUnit.SECONDS).status()).isEqualTo(200);
                assertThat(process.exitStatus()).isZero();
                assertThat(process.output())
                        .contains("event=request ")
                        .contains("event=frontend_stopped")
                        .doesNotContain("a secret wish")
                        .doesNotContain(backing.key.text())
                        .doesNotContain(Backing.SECRET);
                assertThat(worker).isNotNull();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(1_500);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        }
    }
}
