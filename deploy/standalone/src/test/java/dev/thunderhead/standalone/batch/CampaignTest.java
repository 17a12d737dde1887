package dev.thunderhead.standalone.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whole campaigns, against a server in this process. */
@Timeout(120)
class CampaignTest {
    private static final Patience QUICK =
            new Patience(Duration.ofMillis(5), Duration.ofMillis(5), Duration.ofMillis(50), Duration.ofSeconds(20));
    private static final String SIX = """
            color,n,seed,name
            red,,7,Red mug
            blue,2,20,
            green,,30,=cmd()
            black,,40,
            white,,50,
            gold,,60,
            """;

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
    void picturesComeUnderReadableNamesWithManifestAndGallery() throws Exception {
        Campaign.Outcome outcome = run(SIX);
        assertThat(outcome.problems()).isEmpty();
        assertThat(outcome.pictures()).isEqualTo(7);
        assertThat(pictures())
                .containsExactly(
                        "00001-red-mug.png",
                        "00002-a-blue-mug-1.png",
                        "00002-a-blue-mug-2.png",
                        "00003-cmd.png",
                        "00004-a-black-mug.png",
                        "00005-a-white-mug.png",
                        "00006-a-gold-mug.png");
        assertThat(out("pictures/00002-a-blue-mug-2.png")).hasContent("a blue mug/21");

        List<CSVRecord> manifest = table("manifest.csv");
        assertThat(manifest.get(0)).containsExactly("name", "prompt", "seed", "url", "file");
        assertThat(manifest).hasSize(8);
        assertThat(manifest.get(1).get(0)).isEqualTo("Red mug");
        assertThat(manifest.get(1).get(2)).isEqualTo("7");
        assertThat(manifest.get(1).get(4)).isEqualTo("pictures/00001-red-mug.png");
        assertThat(manifest.get(1).get(3)).startsWith(server.address().base() + "/media/");
        // A spreadsheet would run it.
        assertThat(manifest.get(4).get(0)).isEqualTo("'=cmd()");
        assertThat(table("failed.csv")).hasSize(1);
        assertThat(out("index.html")).content().contains("pictures/00003-cmd.png", "a gold mug");
        try (Stream<Path> files = Files.walk(out(""))) {
            assertThat(files).noneMatch(file -> file.toString().endsWith(".part"));
        }
    }

    @Test
    void theKeyGoesToTheServerAloneAndIsKeptNowhere() throws Exception {
        run(SIX);
        assertThat(server.storeHeaders)
                .hasSize(7)
                .allSatisfy(headers -> assertThat(headers).doesNotContainKey("Authorization"));
        try (Stream<Path> files = Files.walk(out(""))) {
            assertThat(files.filter(Files::isRegularFile))
                    .allSatisfy(file -> assertThat(file).content().doesNotContain(BatchServer.KEY));
        }
    }

    @Test
    void failedLinesAreListedAndPaintedAgainOnDemand() throws Exception {
        server.failing.add("a blue mug");
        server.failing.add("a gold mug");
        Campaign.Outcome outcome = run(SIX + "pink,,,\n");
        assertThat(outcome.problems().orElseThrow())
                .contains(
                        "2 of 7 lines failed:\n  row 2: The renderer failed. (render_failed)\n",
                        "row 6: ",
                        "./thunderhead batch --retry --out " + out(""));
        assertThat(table("failed.csv")).hasSize(3);
        assertThat(out("index.html")).content().contains("The renderer failed.");

        server.failing.remove("a blue mug");
        Campaign.Outcome again = retry();
        assertThat(again.problems().orElseThrow())
                .contains("1 of 7 lines failed")
                .contains("row 6");
        assertThat(pictures()).contains("00002-a-blue-mug-1.png").hasSize(7);
        assertThat(server.count("POST /v1/batches/batch_1/retry_failed")).isOne();

        server.failing.clear();
        assertThat(retry().problems()).isEmpty();
        assertThat(server.count("POST /v1/batches/batch_2/retry_failed")).isOne();
        assertThat(table("failed.csv")).hasSize(1);
        assertThat(table("manifest.csv")).hasSize(9);
        assertThat(retry().problems()).isEmpty();
        assertThat(server.count("POST /v1/batches")).isEqualTo(3);
    }

    @Test
    void aBatchThatWasCancelledBeforeItBeganIsMadeAnewOnDemand() throws Exception {
        server.cancelled.add("batch_1");
        assertThat(run(SIX).problems().orElseThrow()).contains("6 of 6 lines failed", "(no_result)", "--retry");
        assertThat(retry().problems()).isEmpty();
        assertThat(pictures()).hasSize(7);
        assertThat(server.count("POST /v1/files")).isOne();
        assertThat(server.count("POST /v1/batches")).isEqualTo(2);
    }

    @Test
    void aRetryThatWasCancelledBeforeItBeganIsMadeAnewOnDemand() throws Exception {
        server.failing.add("a gold mug");
        server.cancelled.add("batch_2");
        run(SIX);
        server.failing.clear();
        assertThat(retry().problems().orElseThrow()).contains("1 of 6 lines failed", "row 6");
        assertThat(retry().problems()).isEmpty();
        assertThat(server.count("POST /v1/batches/batch_1/retry_failed")).isEqualTo(2);
        assertThat(pictures()).hasSize(7);
    }

    @Test
    void aRetryThatIsRefusedAsAWholeBarsNoLaterOne() throws Exception {
        server.failing.add("a gold mug");
        run(SIX);
        server.failing.clear();
        server.refusal = "not now";
        assertThatThrownBy(this::retry).hasMessageContaining("as a whole:\n  row 2: not now");
        assertThat(run(SIX).problems().orElseThrow()).contains("1 of 6 lines failed");
        server.refusal = "";
        assertThat(retry().problems()).isEmpty();
        assertThat(pictures()).hasSize(7);
    }

    @Test
    void theProgressOfARetryIsThatOfTheLinesThatFailed() throws Exception {
        server.failing.addAll(Set.of("a red mug", "a white mug", "a gold mug"));
        run(SIX);
        server.failing.remove("a red mug");
        server.failing.remove("a gold mug");
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        CampaignProgress progress =
                new CampaignProgress(new PrintStream(printed, true, UTF_8), false, System::nanoTime);
        open(Optional.empty()).run(BatchServer.KEY, true, progress);
        assertThat(printed.toString(UTF_8)).contains("\n2 done / 1 failed / 3, ");
    }

    @Test
    void linesWithoutAnAnswerHaveFailed() throws Exception {
        Path csv = Files.writeString(folder.resolve("plain.csv"), "prompt\na cat\nexpires\n");
        assertThat(run(input(csv, null)).problems().orElseThrow())
                .contains("row 2: This line was not painted in time. (batch_expired)");
    }

    @Test
    void anInterruptedRunGoesOnWithoutDoingAnythingTwice() throws Exception {
        server.limit = 3;
        interruptAfter(() -> server.storeHeaders.size() >= 3, () -> run(SIX));
        assertThat(pictures()).hasSizeBetween(2, 3);
        assertThat(table("manifest.csv")).hasSize(4);
        assertThat(table("failed.csv")).hasSize(1);

        server.limit = Integer.MAX_VALUE;
        int earlier = pictures().size();
        server.storeHeaders.clear();
        assertThat(run(SIX).problems()).isEmpty();
        assertThat(pictures()).hasSize(7);
        assertThat(server.storeHeaders).hasSize(7 - earlier);
        assertThat(server.count("POST /v1/files")).isOne();
        assertThat(server.count("POST /v1/batches")).isOne();

        // With nothing left to do, the server is not even asked.
        int calls = server.calls.size();
        assertThat(run(SIX).pictures()).isEqualTo(7);
        assertThat(server.calls).hasSize(calls);
    }

    @Test
    void whatAKilledRunLeftHalfWrittenIsRepaired() throws Exception {
        run(SIX);
        Path results = out("results.jsonl");
        byte[] whole = Files.readAllBytes(results);
        // The last result is torn, a picture is missing, another was being written, and the end was not noted.
        Files.write(results, Arrays.copyOf(whole, whole.length - 20));
        Files.delete(out("pictures/00002-a-blue-mug-2.png"));
        Files.writeString(out("pictures/00002-a-blue-mug-2.png.part"), "half");
        Files.writeString(
                out("campaign.json"), Files.readString(out("campaign.json")).replace("true", "false"));

        assertThat(run(SIX).problems()).isEmpty();
        assertThat(results).hasBinaryContent(whole);
        assertThat(out("pictures/00002-a-blue-mug-2.png")).hasContent("a blue mug/21");
        assertThat(pictures()).hasSize(7);
        assertThat(server.count("POST /v1/batches")).isOne();
    }

    @Test
    void aRunThatDiedBeforeTheBatchWasNotedFindsTheSameBatch() throws Exception {
        run(SIX);
        String state = Files.readString(out("campaign.json"));
        Files.writeString(out("campaign.json"), state.replaceFirst("\"batches\":\\[.*]", "\"batches\":[]"));
        assertThat(run(SIX).problems()).isEmpty();
        assertThat(server.count("POST /v1/files")).isOne();
        assertThat(Files.readString(out("campaign.json"))).isEqualTo(state);
    }

    @Test
    void aRunThatDiedBeforeTheUploadWasNotedMakesNoSecondFile() throws Exception {
        open(Optional.of(input(csv(SIX), "a {{color}} mug")));
        String begun = Files.readString(out("campaign.json"));
        server.limit = 0;
        interruptAfter(() -> server.count("GET /v1/batches/") > 0, () -> run(SIX));
        Files.writeString(out("campaign.json"), begun);
        server.limit = Integer.MAX_VALUE;
        assertThat(run(SIX).problems()).isEmpty();
        assertThat(server.count("POST /v1/files")).isEqualTo(2);
        assertThat(Files.readString(out("campaign.json"))).contains("\"file-1\"", "\"batch_1\"");
    }

    @Test
    void anotherInputIsRefusedInTheSameFolder() throws Exception {
        run(SIX);
        assertThatThrownBy(() -> run(SIX + "pink,,,\n"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("another campaign is in")
                .hasMessageContaining("--out");
        assertThatThrownBy(
                        () -> Campaign.open(out(""), Optional.empty(), Optional.of(new ServerAddress("http://other"))))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("is on " + server.address().base());
        assertThatThrownBy(() -> Campaign.open(folder.resolve("new"), Optional.empty(), Optional.empty()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("there is no campaign in");
    }

    @Test
    void picturesOfAnotherCampaignAreNotTakenForANewOnes() throws Exception {
        run(SIX);
        Files.delete(out("campaign.json"));
        assertThatThrownBy(() -> run(SIX.replace("black", "pink")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(out("pictures") + " is not empty: move it away, or choose another folder");
        assertThat(out("results.jsonl")).isNotEmptyFile();
        Files.move(out("pictures"), folder.resolve("away"));
        assertThat(run(SIX.replace("black", "pink")).pictures()).isEqualTo(7);
        assertThat(out("pictures/00004-a-pink-mug.png")).hasContent("a pink mug/40");
    }

    @Test
    void requestsThatAreNotTheCampaignsAreNotUploaded() throws Exception {
        Campaign campaign = open(Optional.of(input(csv(SIX), "a {{color}} mug")));
        byte[] whole = Files.readAllBytes(out("requests.jsonl"));
        Files.write(out("requests.jsonl"), Arrays.copyOf(whole, whole.length / 2));
        assertThatThrownBy(() -> campaign.run(BatchServer.KEY, false, silent()))
                .hasMessageContaining("requests.jsonl is not what the campaign began with");
        assertThat(server.count("POST /v1/files")).isZero();
    }

    @Test
    void aBusyServerIsAskedAgain() throws Exception {
        server.busy = 3;
        Campaign.Outcome outcome = run(SIX);
        assertThat(outcome.problems()).isEmpty();
        assertThat(outcome.pictures()).isEqualTo(7);
        assertThat(server.count("POST /v1/files")).isEqualTo(4);
    }

    @Test
    void aFileThatIsRefusedAsAWholeFreesTheFolder() throws Exception {
        server.refusal = "the prompt\n\u001b[2Jis \u009b31mnot for us";
        assertThatThrownBy(() -> run(SIX))
                .isInstanceOf(IOException.class)
                // No terminal obeys the server.
                .hasMessageContaining("as a whole:\n  row 2: the prompt [2Jis 31mnot for us");
        server.refusal = "";
        assertThat(run(SIX + "pink,,,\n").pictures()).isEqualTo(8);
    }

    @Test
    void picturesThatCannotBeHadAreListedAndTriedAgain() throws Exception {
        run(SIX);
        Files.delete(out("pictures/00003-cmd.png"));
        server.loseMedia();
        assertThat(run(SIX).problems().orElseThrow())
                .contains(
                        "pictures of 1 lines could not be downloaded:\n  row 3 (=cmd()): its address answered with HTTP status 404")
                .contains("./thunderhead batch --out");
        assertThat(table("manifest.csv").get(4).get(4)).isEmpty();
    }

    @Test
    void addressesThatWorkNoMoreAreAskedForAnew() throws Exception {
        server.presign("signature=1");
        server.failing.add("a gold mug");
        run(SIX);
        server.failing.clear();
        retry();
        assertThat(pictures()).hasSize(7);
        Files.delete(out("pictures/00003-cmd.png"));
        Files.delete(out("pictures/00006-a-gold-mug.png"));

        server.presign("signature=2");
        assertThat(run(SIX).problems()).isEmpty();
        assertThat(pictures()).hasSize(7);
        assertThat(out("pictures/00006-a-gold-mug.png")).hasContent("a gold mug/60");
        assertThat(table("manifest.csv"))
                .filteredOn(row -> row.get(3).endsWith("signature=2"))
                .hasSize(2);
        assertThat(server.count("POST /v1/batches")).isEqualTo(2);
    }

    @Test
    void aPictureWithoutAnAddressIsMissingAndNotFailed() throws Exception {
        server.pages = page -> page.replaceFirst("\"[^\"]*/media/batch_1-2-1.png\"", "\"nowhere at all\"");
        Campaign.Outcome outcome = run(SIX);
        assertThat(outcome.problems().orElseThrow())
                .contains("pictures of 1 lines could not be downloaded:\n  row 2: this is no address: 'nowhere at all'")
                .doesNotContain("failed");
        assertThat(pictures()).contains("00002-a-blue-mug-1.png").hasSize(6);
        assertThat(table("failed.csv")).hasSize(1);
    }

    @Test
    void aWrongKeyAndAnAbsentServerAreSaidAtOnce() throws Exception {
        Campaign campaign = open(Optional.of(input(csv(SIX), "a {{color}} mug")));
        assertThatThrownBy(() -> campaign.run("th_wrong", false, silent()))
                .hasMessageContaining("refuses (401): Incorrect API key provided");
        assertThat(server.count("POST /v1/files")).isZero();
        server.close();
        assertThatThrownBy(() -> campaign.run(BatchServer.KEY, false, silent()))
                .hasMessageContaining("nobody answers at " + server.address().base());
    }

    private void interruptAfter(Callable<Boolean> condition, Callable<?> work) throws Exception {
        AtomicReference<Throwable> end = new AtomicReference<>();
        Thread thread = new Thread(() -> {
            try {
                work.call();
            } catch (Exception problem) {
                end.set(problem);
            }
        });
        thread.start();
        while (!condition.call()) {
            Thread.sleep(5);
        }
        thread.interrupt();
        thread.join();
        assertThat(end.get()).isInstanceOf(InterruptedException.class);
    }

    private Campaign.Outcome run(String csv) throws Exception {
        return run(input(csv(csv), "a {{color}} mug"));
    }

    private Campaign.Outcome run(CampaignInput input) throws Exception {
        return open(Optional.of(input)).run(BatchServer.KEY, false, silent());
    }

    private Campaign.Outcome retry() throws Exception {
        return open(Optional.empty()).run(BatchServer.KEY, true, silent());
    }

    private Campaign open(Optional<CampaignInput> input) throws IOException {
        if (input.isEmpty()) {
            return Campaign.open(out(""), Optional.empty(), Optional.empty(), QUICK);
        }
        try (ExpandedInput expanded = ExpandedInput.of(input.get())) {
            return Campaign.open(out(""), Optional.of(expanded), Optional.of(server.address()), QUICK);
        }
    }

    private Path csv(String text) throws IOException {
        return Files.writeString(folder.resolve("prompts.csv"), text);
    }

    private static CampaignInput input(Path csv, String template) {
        return new CampaignInput(
                csv,
                Optional.ofNullable(template),
                new CommonParameters(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()));
    }

    private static CampaignProgress silent() {
        return new CampaignProgress(new PrintStream(new ByteArrayOutputStream()), false, System::nanoTime);
    }

    private Path out(String file) {
        return folder.resolve("out").resolve(file);
    }

    private List<String> pictures() throws IOException {
        try (Stream<Path> files = Files.list(out("pictures"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> !file.endsWith(".part"))
                    .sorted()
                    .toList();
        }
    }

    private List<CSVRecord> table(String file) throws IOException {
        try (CSVParser parser = CSVParser.parse(out(file), UTF_8, CsvInput.FORMAT)) {
            return parser.getRecords();
        }
    }
}
