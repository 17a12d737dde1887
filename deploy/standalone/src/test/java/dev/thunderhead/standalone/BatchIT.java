package dev.thunderhead.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thunderhead.standalone.batch.BatchServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A campaign in a process of its own, which is killed. */
@Tag("survival")
@Timeout(300)
class BatchIT {
    private static final int ENDED_BY_SIGTERM = 128 + 15;
    private static final int ROWS = 300;

    @TempDir
    private Path folder;

    @Test
    void killedAndStoppedRunsAreTakenUpUntilEveryPictureIsThereOnce() throws Exception {
        Path csv = Files.write(
                folder.resolve("prompts.csv"),
                IntStream.rangeClosed(0, ROWS)
                        .mapToObj(row -> row == 0 ? "color" : "shade " + row)
                        .toList());
        try (BatchServer server = new BatchServer()) {
            server.linesPerLook = 40;
            try (JavaProcess killed = batch(server, csv.toString(), "--template", "a {{color}} mug")) {
                awaitPictures(30);
                killed.kill();
            }
            try (JavaProcess stopped = batch(server)) {
                awaitPictures(100);
                assertThat(stopped.terminate()).isEqualTo(ENDED_BY_SIGTERM);
                assertThat(stopped.errors())
                        .contains("the batch goes on on the server")
                        .contains("./thunderhead batch --out " + out())
                        .doesNotContain("Exception");
                assertThat(out().resolve("manifest.csv")).exists();
            }
            try (JavaProcess last = batch(server, csv.toString(), "--template", "a {{color}} mug")) {
                assertThat(last.awaitExit()).as(last.errors()).isZero();
                assertThat(last.lines()).first().isEqualTo("pictures  " + ROWS);
            }
            assertThat(server.count("POST /v1/files")).isOne();
            assertThat(server.count("POST /v1/batches")).isOne();
            assertThat(pictures()).isEqualTo(ROWS);
            assertThat(out().resolve("pictures/00300-a-shade-300-mug.png")).hasContent("a shade 300 mug/100");
            assertThat(Files.readAllLines(out().resolve("results.jsonl")))
                    .doesNotHaveDuplicates()
                    .hasSize(ROWS);
            assertThat(Files.readAllLines(out().resolve("manifest.csv"))).hasSize(ROWS + 1);
        }
    }

    private JavaProcess batch(BatchServer server, String... words) throws IOException {
        return JavaProcess.start(
                "deploy/standalone/target/standalone.jar",
                Map.of("THUNDERHEAD_API_KEY", BatchServer.KEY),
                Stream.concat(
                                Stream.of(
                                        "batch",
                                        "--out",
                                        out().toString(),
                                        "--server",
                                        server.address().base()),
                                Stream.of(words))
                        .toArray(String[]::new));
    }

    private void awaitPictures(int count) {
        Awaitility.await(count + " pictures").atMost(Duration.ofMinutes(2)).until(() -> pictures() >= count);
    }

    private long pictures() throws IOException {
        Path pictures = out().resolve("pictures");
        if (!Files.exists(pictures)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(pictures)) {
            return files.filter(file -> file.toString().endsWith(".png")).count();
        }
    }

    private Path out() {
        return folder.resolve("out");
    }
}
