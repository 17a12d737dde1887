package dev.thunderhead.standalone.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Folders in which others have been. */
class CampaignFolderTest extends CampaignFixture {
    @Test
    void noResultNamesAFileOutsideTheFolder() throws Exception {
        run(SIX);
        Path results = out("results.jsonl");
        Files.delete(out("pictures/00001-red-mug.png"));
        Files.writeString(results, Files.readString(results).replace("\".png\"", "\"/../../../victim/profile\""));
        Files.createDirectories(folder.resolve("victim"));
        assertThatThrownBy(() -> run(SIX))
                .isInstanceOf(InputException.class)
                .hasMessage(results + " is damaged: begin anew in another folder with --out");
        assertThat(folder.resolve("victim")).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"row\":0", "\"row\":7", "\"row\":-1"})
    void noResultIsOfARowThatTheCampaignDoesNotHave(String row) throws Exception {
        run(SIX);
        Path results = out("results.jsonl");
        Files.writeString(results, Files.readString(results).replaceFirst("\"row\":[0-9]", row));
        assertThatThrownBy(() -> run(SIX)).hasMessageContaining("results.jsonl is damaged");
    }

    @Test
    void nothingIsWrittenThroughLinksToFilesThatAreNotWholeYet() throws Exception {
        server.limit = 3;
        interruptAfter(() -> server.storeHeaders.size() >= 3, () -> run(SIX));
        Path victim = Files.writeString(folder.resolve("victim"), "precious");
        for (String file : List.of(
                "pictures/00002-a-blue-mug-2.png",
                "pictures/00001-red-mug.png",
                "index.html",
                "manifest.csv",
                "failed.csv",
                "campaign.json")) {
            Files.createSymbolicLink(out(file + ".part"), victim);
        }
        server.limit = Integer.MAX_VALUE;
        assertThat(run(SIX).pictures()).isEqualTo(7);
        assertThat(victim).hasContent("precious");
        assertThat(out("pictures/00001-red-mug.png")).hasContent("a red mug/7");
    }

    @ParameterizedTest
    @ValueSource(strings = {"results.jsonl", "pictures"})
    void whatLeadsOutOfTheFolderIsRefused(String link) throws Exception {
        run(SIX);
        Path elsewhere = folder.resolve("elsewhere");
        Files.move(out(link), elsewhere);
        Files.createSymbolicLink(out(link), elsewhere);
        assertThatThrownBy(() -> run(SIX))
                .isInstanceOf(InputException.class)
                .hasMessage(out(link) + " is a link out of the folder: choose another folder with --out");
    }

    @ParameterizedTest
    @ValueSource(strings = {"index.html", "manifest.csv", "failed.csv", "requests.jsonl", "results.jsonl"})
    void aFolderWithFilesOfSomebodyElseIsLeftAsItIs(String file) throws Exception {
        Files.createDirectories(out(""));
        Files.writeString(out(file), "mine");
        assertThatThrownBy(() -> run(SIX))
                .isInstanceOf(InputException.class)
                .hasMessage(out(file) + " would be overwritten, and is of no campaign in this folder: move it away, or"
                        + " choose another folder with --out");
        assertThat(out("")).isDirectoryNotContaining(other -> !other.equals(out(file)));
        assertThat(out(file)).hasContent("mine");
    }

    @Test
    void picturesThatAreThereAreNotTakenForItsOwn() throws Exception {
        Files.createDirectories(out("pictures"));
        Files.writeString(out("pictures/.DS_Store"), "left by the Finder");
        Files.writeString(out("pictures/00001-red-mug.png"), "mine");
        assertThatThrownBy(() -> run(SIX))
                .isInstanceOf(InputException.class)
                .hasMessage(out("pictures") + " is not empty: move it away, or choose another folder with --out");
        Files.delete(out("pictures/00001-red-mug.png"));
        assertThat(run(SIX).pictures()).isEqualTo(7);
    }

    @Test
    void damageIsNamed() throws Exception {
        run(SIX);
        String state = Files.readString(out("campaign.json"));
        Files.writeString(out("campaign.json"), state.substring(0, 40));
        assertDamaged("campaign.json");
        Files.writeString(out("campaign.json"), state);
        Files.writeString(out("requests.jsonl"), "{");
        assertDamaged("requests.jsonl");
    }

    private void assertDamaged(String file) {
        assertThatThrownBy(this::open)
                .isInstanceOf(InputException.class)
                .hasMessage(out(file) + " is damaged: begin anew in another folder with --out");
    }

    private void open() throws Exception {
        open(Optional.empty()).run(BatchServer.KEY, false, silent());
    }

    @Test
    void aBeginThatDiedHalfwayBeginsAgain() throws Exception {
        begin(input(csv(SIX), "a {{color}} mug"));
        Files.delete(out("requests.jsonl"));
        assertThat(run(SIX).pictures()).isEqualTo(7);
    }
}
