package dev.thunderhead.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"demo", "up", "batch", "paint", "key", "broker", "store", "frontend", "worker"})
    void everyCommandStandsInTheOverviewAndHelps(String command) {
        assertThat(run("--help")).isZero();
        assertThat(out.toString(UTF_8)).contains("\n  " + command + " ");
        out.reset();
        assertThat(run(command, "--help")).isZero();
        assertThat(out.toString(UTF_8)).startsWith("thunderhead " + command + ": ");
    }

    @Test
    void wrongWordsAreExplainedInOneLine() {
        for (String[] words : new String[][] {
            {"dmeo"}, {"demo"}, {"up", "now"}, {"up", "--prot", "1"}, {"up", "--port", "70000"}, {"key"}, {"worker"}
        }) {
            err.reset();
            assertThat(run(words)).isEqualTo(2);
            assertThat(err.toString(UTF_8).lines()).hasSize(1);
            assertThat(out.size()).isZero();
        }
    }

    @Test
    void noTerminalObeysTheWordsInAMessage() {
        assertThat(run("up", "--\u001b[2J\u009b31m\rx")).isEqualTo(2);
        assertThat(err.toString(UTF_8))
                .isEqualToIgnoringNewLines(
                        "thunderhead up: there is no option -- [2J 31m x; see thunderhead up --help");
        err.reset();
        assertThat(run("dm\u0007eo")).isEqualTo(2);
        assertThat(err.toString(UTF_8)).contains("'dm eo'");
    }

    @Test
    void takenPortIsNamedBeforeAnythingIsStarted() throws IOException {
        Path data = folder.resolve("data");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            assertThat(run("up", "--data", data.toString(), "--port", port)).isEqualTo(1);
            assertThat(err.toString(UTF_8))
                    .isEqualToIgnoringNewLines(
                            "thunderhead up: port " + port + " is already in use; choose another with --port");
        }
        assertThat(data).doesNotExist();
    }

    @Test
    void keyIsPrintedOnceAndOnlyItsHashIsKept() throws IOException {
        Path keys = folder.resolve("keys.json");
        assertThat(run("key", "--account", "acme", "--keys", keys.toString())).isZero();
        String key = out.toString(UTF_8).strip();
        assertThat(key).matches("th_[0-9A-Za-z]{33}");
        assertThat(Files.readString(keys)).contains("\"acme\"").doesNotContain(key);
    }

    private int run(String... words) {
        return new Main(name -> Optional.empty(), new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8))
                .run(List.of(words));
    }
}
