package dev.thunderhead.standalone.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What becomes of lines that failed. */
class CampaignRetryTest extends CampaignFixture {
    @Test
    void failedLinesAreListedAndPaintedAgainOnDemand() throws Exception {
        server.failing.add("a blue mug");
        server.failing.add("a gold mug");
        Outcome outcome = run(SIX + "pink,,,\n");
        assertThat(outcome.problems().orElseThrow())
                .contains(
                        "2 of 7 lines failed:\n  row 2: The renderer failed. (render_failed)\n",
                        "row 6: ",
                        "./thunderhead batch --retry --out " + out(""));
        assertThat(table("failed.csv")).hasSize(3);
        assertThat(out("index.html")).content().contains("The renderer failed.");

        server.failing.remove("a blue mug");
        Outcome again = retry();
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
    void whatWasFinishedOfALineThatFailedIsKeptBesideTheFailure() throws Exception {
        server.partly.add("a blue mug");
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        Outcome outcome =
                open(Optional.of(input(csv(SIX), "a {{color}} mug"))).run(BatchServer.KEY, false, printing(printed));
        assertThat(outcome.problems().orElseThrow())
                .contains("1 of 6 lines failed:\n  row 2: The renderer failed.")
                .doesNotContain("downloaded");
        assertThat(outcome.pictures()).isEqualTo(6);
        assertThat(printed.toString(UTF_8)).endsWith("5 done / 1 failed / 6\n");
        assertThat(out("pictures/00002-a-blue-mug-seed-21.png")).hasContent("a blue mug/21");
        assertThat(table("manifest.csv"))
                .filteredOn(row -> row.get(4).equals("pictures/00002-a-blue-mug-seed-21.png"))
                .singleElement()
                .satisfies(row -> assertThat(row.get(2)).isEqualTo("21"));
        assertThat(table("failed.csv")).hasSize(2);
        assertThat(out("index.html")).content().contains("seed-21.png", "The renderer failed.");
        // Another table has no room beside it.
        assertThat(new CampaignFolder(out("")).paintedRows()).isEqualTo(6);

        server.partly.clear();
        assertThat(retry().problems()).isEmpty();
        assertThat(out("pictures/00002-a-blue-mug-1.png")).hasContent("a blue mug/20");
        assertThat(out("pictures/00002-a-blue-mug-2.png")).hasContent("a blue mug/21");
        assertThat(table("manifest.csv")).hasSize(8).noneMatch(row -> row.get(4).contains("seed-21"));
    }

    @Test
    void whatABatchHasThatLostTheRestIsKept() throws Exception {
        server.limit = 3;
        server.lost = "what 3 lines had come to is gone";
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        Outcome outcome =
                open(Optional.of(input(csv(SIX), "a {{color}} mug"))).run(BatchServer.KEY, false, printing(printed));
        assertThat(outcome.problems().orElseThrow()).contains("3 of 6 lines failed", "(no_result)", "--retry");
        assertThat(printed.toString(UTF_8)).contains("batch batch_1 failed: " + server.lost);
        assertThat(pictures()).hasSize(3);
        // It is no other table's folder.
        assertThatThrownBy(() -> run(SIX + "pink,,,\n")).hasMessageContaining("another campaign is in");

        server.limit = Integer.MAX_VALUE;
        server.lost = "";
        assertThat(retry().problems()).isEmpty();
        assertThat(pictures()).hasSize(7);
        assertThat(server.count("POST /v1/batches/batch_1/retry_failed")).isOne();
    }

    @Test
    void onlyWhatCanComeToMoreIsWorthAnotherTry() throws Exception {
        server.refused.add("a blue mug");
        server.failing.add("a gold mug");
        assertThat(run(SIX).problems().orElseThrow())
                .contains(
                        "row 2: size is wrong (invalid_request_error)", "painted again by ./thunderhead batch --retry");
        server.failing.clear();
        assertThat(retry().problems().orElseThrow())
                .contains("1 of 6 lines failed")
                .endsWith("They would fail again: put them right in a table of their own, with another --out");
    }

    @Test
    void whatTheServerRefusedToTheLastLineMakesRoomForTheSameOnceItIsPutRight() throws Exception {
        CampaignInput wrong = input(csv("color\nred\nblue\n"), "a {{color}} mgu");
        server.refused.addAll(Set.of("a red mgu", "a blue mgu"));
        assertThat(run(wrong).problems().orElseThrow())
                .contains("2 of 2 lines failed")
                .endsWith("Nothing was painted: put them right, and call it again with the same --out");
        // Called again as it is, it is the same campaign, and has ended.
        assertThat(run(wrong).problems().orElseThrow()).contains("2 of 2 lines failed");
        assertThat(server.count("POST /v1/batches")).isOne();

        assertThat(run(input(csv("color\nred\nblue\n"), "a {{color}} mug")).pictures())
                .isEqualTo(2);
        assertThat(table("failed.csv")).hasSize(1);
        assertThat(Files.readAllLines(out("results.jsonl"))).hasSize(2);
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
        open(Optional.empty()).run(BatchServer.KEY, true, printing(printed));
        assertThat(printed.toString(UTF_8)).contains("\n2 done / 1 failed / 3");
    }
}
