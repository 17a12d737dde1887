package dev.thunderhead.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(600)
class UpIT {
    private static final String JAR = "deploy/standalone/target/standalone.jar";

    private static final int CURL_IS_MISSING = 127;

    @TempDir
    private Path data;

    @Test
    @Tag("survival")
    void keyAndPicturesSurviveARestart() throws Exception {
        URI picture;
        byte[] file;
        String ready;
        String port;
        try (JavaProcess up = up("0")) {
            ready = up.awaitLine("READY ");
            PictureClient client = client(ready);
            picture =
                    client.generate(Map.of("prompt", "a red circle", "seed", 7)).url();
            file = client.download(picture);
            Picture.assertShowsSomething(file, 256, 256);
            port = Integer.toString(picture.getPort());

            assertSecondOneIsRefused();
            assertCurlLineWorks(up);
            assertThat(up.lines()).last().isEqualTo(ready);
            assertThat(up.terminate()).isZero();
        }
        try (JavaProcess up = up(port)) {
            assertThat(up.awaitLine("READY ")).isEqualTo(ready);
            assertThat(client(ready).download(picture)).isEqualTo(file);
            assertThat(up.terminate()).isZero();
        }
    }

    private void assertSecondOneIsRefused() throws Exception {
        try (JavaProcess second = up("0")) {
            assertThat(second.awaitExit()).isEqualTo(1);
            assertThat(second.errors())
                    .isEqualToIgnoringNewLines("thunderhead up: " + data.toRealPath()
                            + " is in use by another process; name another folder with --data");
        }
    }

    /** As pasted into a shell; only where curl is installed. */
    private static void assertCurlLineWorks(JavaProcess up) throws IOException, InterruptedException {
        String line = up.awaitLine("Try it:").replaceFirst("Try it: +", "");
        Process shell = new ProcessBuilder("sh", "-c", "command -v curl >/dev/null || exit 127; " + line)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String answer = new String(shell.getInputStream().readAllBytes(), UTF_8);
        int status = shell.waitFor();
        if (status != CURL_IS_MISSING) {
            assertThat(status).isZero();
            assertThat(answer).contains("\"url\"");
        }
    }

    private JavaProcess up(String port) throws IOException {
        return JavaProcess.start(JAR, Map.of(), "up", "--data", data.toString(), "--port", port);
    }

    /** A client made of the line for scripts. */
    private static PictureClient client(String ready) {
        Matcher parts = Pattern.compile("READY url=(.+) key=(.+)").matcher(ready);
        assertThat(parts.matches()).isTrue();
        return new PictureClient(URI.create(parts.group(1)), parts.group(2));
    }
}
