package dev.thunderhead.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged service as a process. */
class MainIT {
    private static final Pattern STARTED = Pattern.compile("event=frontend_started port=(\\d+) management_port=(\\d+)");

    @TempDir
    Path data;

    private Process start(Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-jar",
                        Path.of("target", "api-frontend.jar").toString())
                .redirectErrorStream(true)
                .redirectOutput(data.resolve("output.log").toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("THUNDERHEAD_"));
        builder.environment().putAll(environment);
        return builder.start();
    }

    private String output() throws IOException {
        return Files.readString(data.resolve("output.log"));
    }

    @Test
    void itSaysAllThatItMisses() throws Exception {
        Process process = start(Map.of("THUNDERHEAD_PORT", "x"));
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(2);
        assertThat(output().lines())
                .anyMatch(line -> line.startsWith("THUNDERHEAD_PORT: "))
                .anyMatch(line -> line.startsWith("THUNDERHEAD_KAFKA: "));
    }

    @Test
    void aRequestInFlightIsAnsweredWhenItIsToldToStopAndNothingSecretIsLogged() throws Exception {
        try (Backing backing = new Backing(data)) {
            Process process = start(backing.environment());
            try (FakeWorker worker = new FakeWorker(backing.kafka(), backing.store, task -> {
                pause();
                return FakeWorker.picture(task);
            })) {
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> STARTED.matcher(output()).find());
                Matcher ports = STARTED.matcher(output());
                assertThat(ports.find()).isTrue();
                String management = "http://127.0.0.1:" + ports.group(2);
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> Client.fetch(management + "/readyz").status() == 200);
                Client client = new Client(URI.create("http://127.0.0.1:" + ports.group(1)), backing.key.text());
                CompletableFuture<Client.Answer> answer = client.generateLater("{\"prompt\": \"a secret wish\"}");
                await().atMost(Duration.ofSeconds(10)).until(() -> backing.recordsEver() > 0);
                process.destroy();

                assertThat(answer.get(30, TimeUnit.SECONDS).status()).isEqualTo(200);
                assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
                assertThat(output())
                        .contains("event=request ")
                        .contains("event=frontend_stopped")
                        .doesNotContain("a secret wish")
                        .doesNotContain(backing.key.text())
                        .doesNotContain(Backing.SECRET);
                assertThat(worker).isNotNull();
            } finally {
                process.destroyForcibly();
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
