package dev.thunderhead.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thunderhead.standalone.batch.BatchServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class BatchCommandTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Map<String, String> environment = new HashMap<>();

    @TempDir
    private Path folder;

    private BatchServer server;

    @BeforeEach
    void start() throws IOException {
        server = new BatchServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void tellsWhereThingsAre() throws IOException {
        assertThat(batch(csv("color\nred\nblue\n"), "--template", "a {{color}} mug"))
                .as(err())
                .isZero();
        assertThat(out())
                .isEqualToNormalizingNewlines(
                        "pictures  2\nmanifest  " + outFolder().resolve("manifest.csv") + "\ngallery   "
                                + outFolder().resolve("index.html") + "\n");
        assertThat(outFolder().resolve("pictures/00002-a-blue-mug.png")).hasContent("a blue mug/100");
    }

    @Test
    void failedLinesMakeItFailUntilTheyArePainted() throws IOException {
        server.failing.add("a blue mug");
        String csv = csv("color\nred\nblue\n");
        assertThat(batch(csv, "--template", "a {{color}} mug")).isEqualTo(1);
        assertThat(err()).startsWith("thunderhead batch: 1 of 2 lines failed:\n  row 2: ");
        server.failing.clear();
        assertThat(batch("--retry")).as(err()).isZero();
        assertThat(out()).startsWith("pictures  2");
    }

    @Test
    void badRowsAndUnknownFieldsAreUsageErrorsThatLeaveNoTrace() throws IOException {
        assertThat(batch(csv("color,n\nred,\nblue,0\n"), "--template", "a {{color}} mug"))
                .isEqualTo(2);
        assertThat(err())
                .contains("1 of 2 rows of")
                .contains("row 2 (line 3): n is '0'")
                .endsWith("Nothing was uploaded\n");
        assertThat(batch(csv("color\nred\n"), "--template", "a {{colour}} mug")).isEqualTo(2);
        assertThat(err()).contains("a column 'colour' that is not there").endsWith("has: color\n");
        assertThat(outFolder()).doesNotExist();
        assertThat(server.calls).isEmpty();
    }

    @Test
    void wordsThatMeanNothingAreExplained() throws IOException {
        String csv = csv("prompt\na cat\n");
        assertUsage("--out must be given; see thunderhead batch --help", csv);
        assertUsage("there is no campaign in", "--out", outFolder().toString());
        assertUsage(
                "--template needs a file of prompts",
                "--template",
                "x",
                "--out",
                outFolder().toString());
        assertUsage(
                "--n must be a whole number from 1 to 10",
                csv,
                "--n",
                "11",
                "--out",
                outFolder().toString());
        assertUsage("size is '64'", csv, "--size", "64", "--out", outFolder().toString());
        assertUsage(
                "is no server's address",
                csv,
                "--server",
                "here",
                "--out",
                outFolder().toString());
        assertUsage(
                "is no file that can be read",
                "missing.csv",
                "--out",
                outFolder().toString());
        assertUsage(
                "--retry is given twice",
                "--retry",
                "--retry",
                "--out",
                outFolder().toString());
        assertThat(outFolder()).doesNotExist();
    }

    @Test
    void foldersThatCannotBeUsedAreNamedWithTheReason() throws IOException {
        String csv = csv("prompt\na cat\n");
        assertThat(run(csv, "--out", csv, "--key", BatchServer.KEY)).isEqualTo(1);
        assertThat(err()).isEqualTo("thunderhead batch: " + csv + ": is there already, and is no folder\n");
    }

    @Test
    void aFolderThatIsRefusedStaysAsItWas() throws IOException {
        Files.createDirectories(outFolder());
        Files.writeString(outFolder().resolve("index.html"), "mine");
        assertThat(batch(csv("prompt\na cat\n"))).isEqualTo(2);
        assertThat(err()).contains("would be overwritten");
        assertThat(outFolder()).isDirectoryContaining(file -> file.endsWith("index.html"));
        assertThat(outFolder()).isDirectoryNotContaining(file -> !file.endsWith("index.html"));
    }

    @Test
    void withoutAKeyNoCampaignBegins() throws IOException {
        String[] words = {
            csv("prompt\na cat\n"), "--out", outFolder().toString(), "--data", folder.toString(), "--server"
        };
        assertUsage(
                "there is no API key for " + server.address().base(),
                with(words, server.address().base()));
        assertThat(outFolder().resolve("campaign.json")).doesNotExist();
        environment.put("THUNDERHEAD_API_KEY", BatchServer.KEY);
        assertThat(run(with(words, server.address().base()))).as(err()).isZero();
    }

    @Test
    void theCommandsThatItNamesAreWhole() throws IOException {
        DataFolder data = new DataFolder(folder.resolve("data of mine"));
        Files.createDirectories(data.path());
        data.apiKey().write(BatchServer.KEY);
        server.failing.add("a cat");
        String[] words = {
            "--out",
            outFolder().toString(),
            "--server",
            server.address().base(),
            "--data",
            data.path().toString()
        };
        assertThat(run(with(words, csv("prompt\na cat\n")))).isEqualTo(1);
        assertThat(err())
                .endsWith("./thunderhead batch --retry --out " + outFolder() + " --server "
                        + server.address().base() + " --data '" + data.path() + "'\n");
    }

    @Test
    void theLocalKeyIsForThisMachineAlone() throws IOException {
        DataFolder data = new DataFolder(folder.resolve("data"));
        String csv = csv("prompt\na cat\n");
        String[] words = {
            csv, "--out", outFolder().toString(), "--data", data.path().toString(), "--server"
        };
        assertUsage(
                "there is no API key for " + server.address().base(),
                with(words, server.address().base()));
        Files.createDirectories(data.path());
        data.apiKey().write(BatchServer.KEY);
        assertUsage("there is no API key for http://pictures.example", with(words, "http://pictures.example"));
        assertThat(run(with(words, server.address().base()))).as(err()).isZero();
        // On this machine, but nobody says that it is ours.
        assertUsage(
                "say so with --server " + server.address().base(),
                "--out",
                outFolder().toString(),
                "--data",
                data.path().toString());
    }

    @Test
    void noKeyGoesToAServerThatOnlyTheFolderNames() throws IOException {
        server.failing.add("a cat");
        assertThat(batch(csv("prompt\na cat\n"))).isEqualTo(1);
        Path state = outFolder().resolve("campaign.json");
        String local = Files.readString(state);
        String other = server.address().base().replace("127.0.0.1", "127.0.0.2");
        Files.writeString(state, local.replace(server.address().base(), other));
        assertUsage(
                "campaign is on " + other + ": if your key may go there, say so with --server " + other,
                "--retry",
                "--out",
                outFolder().toString());
        environment.put("THUNDERHEAD_API_KEY", BatchServer.KEY);
        assertUsage("say so with --server " + other, "--out", outFolder().toString());
        assertUsage(
                "say so with --server " + other,
                "--key",
                BatchServer.KEY,
                "--out",
                outFolder().toString());
        Files.writeString(state, local.replace(server.address().base(), "file:///etc"));
        assertUsage(
                "'file:///etc' is no server's address",
                "--key",
                BatchServer.KEY,
                "--out",
                outFolder().toString());
    }

    private static String[] with(String[] words, String last) {
        List<String> all = new ArrayList<>(List.of(words));
        all.add(last);
        return all.toArray(String[]::new);
    }

    private void assertUsage(String message, String... words) {
        err.reset();
        assertThat(run(words)).isEqualTo(2);
        assertThat(err()).startsWith("thunderhead batch: ").contains(message);
    }

    private int batch(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of(
                "--out", outFolder().toString(), "--server", server.address().base(), "--key", BatchServer.KEY));
        return run(all.toArray(String[]::new));
    }

    private int run(String... words) {
        out.reset();
        err.reset();
        List<String> all = new ArrayList<>(List.of("batch"));
        all.addAll(List.of(words));
        Main main = new Main(
                name -> Optional.ofNullable(environment.get(name)),
                new PrintStream(out, true, UTF_8),
                new PrintStream(err, true, UTF_8));
        return main.run(all);
    }

    private String csv(String text) throws IOException {
        return Files.writeString(folder.resolve("prompts.csv"), text).toString();
    }

    private Path outFolder() {
        return folder.resolve("out");
    }

    private String out() {
        return out.toString(UTF_8);
    }

    private String err() {
        return err.toString(UTF_8);
    }
}
