package dev.thunderhead.standalone.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Servers that are busy, away, wrong, or elsewhere. */
class CampaignServerTest extends CampaignFixture {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @Test
    void aServerThatIsAwayIsAskedAgainAndMentionedOnce() throws Exception {
        server.busy = 3;
        Campaign.Outcome outcome =
                open(Optional.of(input(csv(SIX), "a {{color}} mug"))).run(BatchServer.KEY, false, printing(printed));
        assertThat(outcome.problems()).isEmpty();
        assertThat(outcome.pictures()).isEqualTo(7);
        assertThat(server.count("POST /v1/files")).isEqualTo(4);
        // Upload, batch, its status and its results each met two answers of that kind.
        assertThat(printed.toString(UTF_8).lines())
                .filteredOn(line -> line.equals(server.address().base() + " is away (HTTP status 503); trying on"))
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
        assertThat(printed.toString(UTF_8)).isEmpty();
    }

    @Test
    void aCampaignFollowsItsServerToAnotherAddress() throws Exception {
        server.limit = 3;
        interruptAfter(() -> server.storeHeaders.size() >= 3, () -> run(SIX));
        Files.delete(out("pictures/00006-a-gold-mug.png"));
        String before = server.address().base();
        server.move();
        server.limit = Integer.MAX_VALUE;

        Campaign campaign = Campaign.open(out(""), Optional.empty(), Optional.of(server.address()), List.of(), QUICK);
        Campaign.Outcome outcome = campaign.run(BatchServer.KEY, false, printing(printed));
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
