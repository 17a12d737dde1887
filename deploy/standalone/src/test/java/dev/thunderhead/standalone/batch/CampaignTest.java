package dev.thunderhead.standalone.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;

/** Whole campaigns. */
class CampaignTest extends CampaignFixture {
    @Test
    void picturesComeUnderReadableNamesWithManifestAndGallery() throws Exception {
        Outcome outcome = run(SIX);
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
        begin(input(csv(SIX), "a {{color}} mug"));
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
        assertThatThrownBy(() -> Campaign.open(folder.resolve("new"), Optional.empty(), Optional.empty(), List.of()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("there is no campaign in");
    }

    @Test
    void requestsThatAreNotTheCampaignsAreNotUploaded() throws Exception {
        Campaign campaign = begin(input(csv(SIX), "a {{color}} mug"));
        byte[] whole = Files.readAllBytes(out("requests.jsonl"));
        Files.write(out("requests.jsonl"), Arrays.copyOf(whole, whole.length / 2));
        assertThatThrownBy(() -> campaign.run(BatchServer.KEY, false, silent()))
                .hasMessageContaining("requests.jsonl is not what the campaign began with");
        Files.delete(out("requests.jsonl"));
        assertThatThrownBy(() -> campaign.run(BatchServer.KEY, false, silent()))
                .hasMessageContaining("requests.jsonl is not what the campaign began with");
        assertThat(server.count("POST /v1/files")).isZero();
    }

    @Test
    void aFileThatIsRefusedAsAWholeFreesTheFolder() throws Exception {
        server.refusal = "the prompt\n\u001b[2Jis \u009b31mnot for us";
        assertThatThrownBy(() -> run(SIX))
                .isInstanceOf(IOException.class)
                // No terminal obeys the server.
                .hasMessageContaining("as a whole:\n  row 2: the prompt [2Jis 31mnot for us");
        // Called again as it is, it tells the same.
        assertThatThrownBy(() -> run(SIX)).hasMessageContaining("as a whole:\n  row 2: the prompt");
        assertThat(server.count("POST /v1/batches")).isOne();
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
                        "pictures of 1 lines could not be downloaded:\n",
                        "  row 3 (=cmd()): its address answered with HTTP status 404")
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
    void addressesThatWereWrongAreAskedForAnew() throws Exception {
        server.pages = page -> page.replace("/media/", "/nowhere/");
        assertThat(run(SIX).problems().orElseThrow()).contains("pictures of 6 lines could not be downloaded");
        server.pages = page -> page;
        assertThat(run(SIX).problems()).isEmpty();
        assertThat(pictures()).hasSize(7);
        assertThat(server.count("POST /v1/batches")).isOne();
    }

    @Test
    void resultsThatAreKeptNoMoreLeavePicturesMissing() throws Exception {
        run(SIX);
        Files.delete(out("pictures/00003-cmd.png"));
        server.loseMedia();
        server.loseBatches();
        assertThat(run(SIX).problems().orElseThrow())
                .contains("pictures of 1 lines could not be downloaded")
                .doesNotContain("failed");
        assertThat(table("manifest.csv")).hasSize(8);
    }

    @Test
    void aPictureWithoutAnAddressIsMissingAndNotFailed() throws Exception {
        server.pages = page -> page.replaceFirst("\"[^\"]*/media/batch_1-2-1.png\"", "\"nowhere at all\"");
        Outcome outcome = run(SIX);
        assertThat(outcome.problems().orElseThrow())
                .contains("pictures of 1 lines could not be downloaded:\n  row 2: this is no address: 'nowhere at all'")
                .doesNotContain("failed");
        assertThat(pictures()).contains("00002-a-blue-mug-1.png").hasSize(6);
        assertThat(table("failed.csv")).hasSize(1);
    }

    @Test
    void theGalleryKeepsUpWhileThereIsMuchToCatchUpWith() throws Exception {
        server.linesPerLook = 6;
        List<Boolean> there = new ArrayList<>();
        server.pages = page -> {
            there.add(Files.exists(out("index.html")) && Files.exists(out("manifest.csv")));
            return page;
        };
        run(SIX);
        assertThat(there).containsExactly(false, true, true);
    }

    @Test
    void aReportThatFailsDoesNotHideWhatFailedFirst() throws Exception {
        server.pages = page -> {
            // Nothing can be moved there.
            assertThat(out("index.html/x").toFile().mkdirs()).isTrue();
            return page.replaceFirst("\"custom_id\":\"[^\"]*\"", "\"custom_id\":\"strange\"");
        };
        assertThatThrownBy(() -> run(SIX))
                .hasMessageContaining("has a line that is not of this campaign")
                .satisfies(problem ->
                        assertThat(problem.getSuppressed()).singleElement().isInstanceOf(FileSystemException.class));
    }
}
