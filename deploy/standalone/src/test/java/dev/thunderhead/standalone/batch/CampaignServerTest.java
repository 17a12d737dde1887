package dev.thunderhead.standalone.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Servers that are busy, away, wrong, or elsewhere. */
class CampaignServerTest extends CampaignFixture {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @Test
    void aServerThatIsAwayIsAskedAgainAndMentionedOnce() throws Exception {
        server.busy = 3;
        Outcome outcome =
                open(Optional.of(input(csv(SIX), "a {{color}} mug"))).run(BatchServer.KEY, false, printing(printed));
        assertThat(outcome.problems()).isEmpty();
        assertThat(outcome.pictures()).isEqualTo(7);
        assertThat(server.count("POST /v1/files")).isEqualTo(4);
        // Upload, batch, its status and its results each met two answers of that kind.
        assertThat(printed.toString(UTF_8).lines())
                .filteredOn(
                        line -> line.equals(server.address().base() + " is away or busy (HTTP status 503); trying on"))
                .hasSize(4);
        assertThat(printed.toString(UTF_8).lines())
                .filteredOn(line -> line.endsWith(" answers again"))
                .hasSize(4);
    }

    @Test
    void aWrongKeyAndAnAbsentServerAreSaidAtOnce() throws Exception {
        Campaign campaign = open(Optional.of(input(csv(SIX), "a {{color}} mug")));
        assertThatThrownBy(() -> campaign.run("th_wrong", false, printing(printed)))
                .hasMessageContaining("refuses (401): Incorrect API key provided");
        assertThat(server.count("POST /v1/files")).isZero();
        server.close();
        assertThatThrownBy(() -> campaign.run(BatchServer.KEY, false, printing(printed)))
                .hasMessageContaining("nobody answers at " + server.address().base());
        // Of nothing there is no progress.
        assertThat(printed.toString(UTF_8))
                .isEqualToNormalizingNewlines("stopped here. Take it up again with ./thunderhead batch --out " + out("")
                        + " --server " + server.address().base() + "\n");
    }

    @Test
    void aBatchThatIsThereIsWaitedForFromTheStart() throws Exception {
        server.limit = 3;
        interruptAfter(() -> server.storeHeaders.size() >= 3, () -> run(SIX));
        server.limit = Integer.MAX_VALUE;
        server.calls.clear();
        open(Optional.empty()).run(BatchServer.KEY, false, printing(printed));
        assertThat(server.count("GET /v1/models")).isZero();
        assertThat(pictures()).hasSize(7);
    }

    @Test
    void whoGivesUpSaysHowToGoOn() throws Exception {
        server.busy = Integer.MAX_VALUE;
        Patience none = new Patience(Duration.ZERO, Duration.ofMillis(1), Duration.ofMillis(5), Duration.ofMillis(50));
        begin(input(csv(SIX), "a {{color}} mug"));
        Campaign campaign = Campaign.open(out(""), Optional.empty(), Optional.of(server.address()), List.of(), none);
        assertThatThrownBy(() -> campaign.run(BatchServer.KEY, false, printing(printed)))
                .isInstanceOf(IOException.class);
        assertThat(printed.toString(UTF_8))
                .contains("stopped here. Take it up again with ./thunderhead batch --out " + out(""));
    }

    @Test
    void aMoveThatIsInterruptedIsMadeAgain() throws Exception {
        server.limit = 3;
        interruptAfter(() -> server.storeHeaders.size() >= 3, () -> run(SIX));
        Files.delete(out("pictures/00006-a-gold-mug.png"));
        String before = server.address().base();
        server.move();
        server.calls.clear();
        interruptAfter(
                () -> server.count("GET /v1/batches/batch_1/results") > 0,
                () -> moved().run(BatchServer.KEY, false, printing(printed)));
        assertThat(printed.toString(UTF_8))
                .contains(" --server " + server.address().base());

        server.limit = Integer.MAX_VALUE;
        assertThat(moved().run(BatchServer.KEY, false, printing(printed)).problems())
                .isEmpty();
        assertThat(out("pictures/00006-a-gold-mug.png")).hasContent("a gold mug/60");
        assertThat(pictures()).hasSize(7);
        // Nobody asked the old address.
        assertThat(printed.toString(UTF_8)).doesNotContain("pictures cannot be downloaded");
        assertThat(Files.readString(out("campaign.json"))).doesNotContain(before);
    }

    private Campaign moved() throws IOException {
        return Campaign.open(out(""), Optional.empty(), Optional.of(server.address()), List.of(), QUICK);
    }

    @Test
    void aCampaignFollowsItsServerToAnotherAddress() throws Exception {
        server.limit = 3;
        interruptAfter(() -> server.storeHeaders.size() >= 3, () -> run(SIX));
        Files.delete(out("pictures/00006-a-gold-mug.png"));
        String before = server.address().base();
        server.move();
        server.limit = Integer.MAX_VALUE;

        Outcome outcome = moved().run(BatchServer.KEY, false, printing(printed));
        assertThat(outcome.problems()).isEmpty();
        assertThat(pictures()).hasSize(7);
        assertThat(out("pictures/00006-a-gold-mug.png")).hasContent("a gold mug/60");
        assertThat(server.count("POST /v1/batches")).isOne();
        assertThat(printed.toString(UTF_8))
                .contains("the campaign was on " + before + ", and goes on on "
                        + server.address().base());
        assertThat(open(Optional.empty()).server()).isEqualTo(server.address());
    }
}
