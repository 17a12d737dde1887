package dev.thunderhead.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The launcher script itself, built already. */
@Timeout(300)
class LauncherIT {
    private static final int ENDED_BY_SIGTERM = 128 + 15;

    @TempDir
    private Path folder;

    @Test
    void paintsAPictureWithoutAnyService() throws Exception {
        Path picture = folder.resolve("circle.png");
        try (JavaProcess paint = JavaProcess.launch(
                "paint",
                "a red circle on a white background",
                "--seed",
                "7",
                "--size",
                "128x128",
                "--out",
                picture.toString())) {
            assertThat(paint.awaitExit()).as(paint.errors()).isZero();
        }
        Picture.assertShowsSomething(Files.readAllBytes(picture), 128, 128);
    }

    @Test
    void unknownCommandIsRefusedInOneLine() throws Exception {
        try (JavaProcess unknown = JavaProcess.launch("dmeo")) {
            assertThat(unknown.awaitExit()).isEqualTo(2);
            assertThat(unknown.errors().lines()).singleElement().asString().contains("'dmeo'");
            assertThat(unknown.lines()).isEmpty();
        }
    }

    @Test
    void lettersOfWordsAreWholeAlsoWhereTheLocaleHasNone() throws Exception {
        // Written by the shell, whatever this process can write itself.
        String call = "exec \"$0\" \"$(printf 'gr\\303\\274n')\"";
        try (JavaProcess unknown = JavaProcess.launchBy(List.of("sh", "-c", call), Map.of("LC_ALL", "C"))) {
            assertThat(unknown.awaitExit()).isEqualTo(2);
            assertThat(unknown.errors()).contains("there is no command 'grün'");
        }
    }

    @Test
    @Tag("survival")
    void stopsInOrderWhileItStartsAndWhenItStands() throws Exception {
        try (JavaProcess up = up()) {
            awaitBrokerStart();
            assertThat(up.terminate()).isEqualTo(ENDED_BY_SIGTERM);
            assertThat(up.lines()).isEmpty();
            assertThat(up.errors()).doesNotContain("Exception");
        }
        try (JavaProcess up = up()) {
            up.awaitLine("READY ");
            // The script has become the service: the signal reaches it, and nothing stays behind.
            assertThat(up.descendants()).isZero();
            assertThat(up.terminate()).isZero();
            assertThat(up.errors().lines()).singleElement().asString().startsWith("starting:");
        }
    }

    private JavaProcess up() throws IOException {
        return JavaProcess.launch("up", "--data", folder.resolve("data").toString(), "--port", "0");
    }

    private void awaitBrokerStart() {
        Path log = folder.resolve("data/kafka/__cluster_metadata-0");
        Awaitility.await("broker starts").atMost(Duration.ofMinutes(2)).until(() -> Files.exists(log));
    }
}
