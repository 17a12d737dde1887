package dev.thunderhead.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PaintTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"x.png", "x.JPG"})
    void paintsThePictureThatIsAskedFor(String name) throws IOException {
        Path file = folder.resolve(name);
        int code = paint("a red circle", "--seed", "7", "--steps", "2", "--size", "192x128", "--out", file.toString());

        assertThat(code).as(err::toString).isZero();
        assertThat(lines(out).get(0)).isEqualTo(file.toString());
        assertThat(lines(out).get(1))
                .matches("seed=7 load=\\d+ms text=\\d+ms steps=\\d+\\+\\d+ms decode=\\d+ms encode=\\d+ms total=\\d+ms");
        BufferedImage picture = ImageIO.read(file.toFile());
        assertThat(picture.getWidth()).isEqualTo(192);
        assertThat(picture.getHeight()).isEqualTo(128);
    }

    @Test
    void printsARandomSeedThatPaintsThePictureAgain() throws IOException {
        paint("a cat", "--steps", "1", "--size", "128x128", "--out", path("a.png"));
        String seed = lines(out).get(1).replaceAll("seed=(\\d+) .*", "$1");
        paint("a cat", "--steps", "1", "--size", "128x128", "--out", path("b.png"), "--seed", seed);
        assertThat(folder.resolve("a.png")).hasSameBinaryContentAs(folder.resolve("b.png"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--frobnicate | unknown option --frobnicate",
                "--seed | --seed needs a value",
                "--seed x | --seed x: a seed is a whole number of 64 bits",
                "--size 10 | --size 10: a size is written WIDTHxHEIGHT in pixels, for example 1024x1024",
                "--size 100x128 | width and height from 128 to 1024 in multiples of 64",
                "--steps 3 | --steps 3: tiny-lightning paints in [1, 2, 4, 8] steps",
                "--steps 0 | --steps 0: must be a whole number of at least 1",
                "--threads 99999999999 | must be a whole number of at least 1",
                "--device gpu | a device is written cpu or cuda:N",
                "--out x.gif | --out x.gif: a picture's name ends in .png, .jpg or .jpeg",
                "--out /no/such/folder/x.png | --out /no/such/folder/x.png: cannot be written",
                "again | one prompt, please",
                "--model /no/such/model | /no/such/model: no such file"
            })
    void refusesInOneLineWhatItCannotDo(String options, String message) {
        List<String> arguments = new ArrayList<>(List.of("a cat"));
        arguments.addAll(List.of(options.split(" ")));

        assertThat(paint(arguments.toArray(new String[0]))).isEqualTo(2);
        assertThat(lines(err)).hasSize(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("paint: ").contains(message);
        assertThat(lines(out)).isEmpty();
    }

    @Test
    void needsAPrompt() {
        assertThat(paint()).isEqualTo(2);
        assertThat(lines(err)).containsExactly("paint: what shall be painted? give a prompt");
    }

    @Test
    void namesTheGraphThatIsMissing() throws IOException {
        Files.copy(TestModel.directory().resolve("model.json"), folder.resolve("model.json"));
        Files.createDirectory(folder.resolve("scheduler"));
        Files.copy(
                TestModel.directory().resolve("scheduler/scheduler_config.json"),
                folder.resolve("scheduler/scheduler_config.json"));

        assertThat(paint("a cat", "--model", folder.toString())).isEqualTo(2);
        assertThat(lines(err)).hasSize(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("no such file");
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }

    /** Options that come later win. */
    private int paint(String... arguments) {
        List<String> all =
                new ArrayList<>(List.of("--model", TestModel.directory().toString()));
        all.addAll(List.of(arguments));
        return Paint.run(all, print(out), print(err));
    }

    private static PrintStream print(ByteArrayOutputStream stream) {
        return new PrintStream(stream, true, StandardCharsets.UTF_8);
    }

    private static List<String> lines(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
