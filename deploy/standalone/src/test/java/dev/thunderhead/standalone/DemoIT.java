package dev.thunderhead.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class DemoIT {
    @TempDir
    private Path folder;

    @Test
    void promptBecomesAPictureAndTheSameSeedTheSamePicture() throws IOException {
        Path first = folder.resolve("first.png");
        String printed = demo("a cyberpunk cat at sunset", first);
        assertThat(printed).contains("picture  " + first);
        assertThat(printed).containsPattern("url +http://127\\.0\\.0\\.1:[0-9]+/media/.+\\.png");
        assertThat(printed)
                .containsPattern("timings +queue .+, text .+, denoise [0-9]+ x .+, decode .+, encode .+, upload");
        Picture.assertShowsSomething(Files.readAllBytes(first), 256, 256);

        Path second = folder.resolve("second.png");
        demo("a cyberpunk cat at sunset", second);
        assertThat(second).hasSameBinaryContentAs(first);
    }

    private String demo(String prompt, Path file) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Main main = new Main(name -> Optional.empty(), new PrintStream(out, true, UTF_8), System.err);
        int status = main.run(List.of(
                "demo",
                prompt,
                "--seed",
                "7",
                "--out",
                file.toString(),
                "--data",
                folder.resolve("data").toString()));
        assertThat(status).isZero();
        return out.toString(UTF_8);
    }
}
