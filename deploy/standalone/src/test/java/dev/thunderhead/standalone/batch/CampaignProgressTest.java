package dev.thunderhead.standalone.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CampaignProgressTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final AtomicLong nanos = new AtomicLong();

    @Test
    void aTerminalShowsOneLineThatIsRewritten() {
        CampaignProgress progress = progress(true);
        progress.begin(1000, 0);
        run(progress, 500, Duration.ofMillis(100));
        progress.update(10, Optional.empty());
        progress.end();
        assertThat(text())
                .contains(drawn("[##..................] 100 done / 0 failed / 1,000, 10/s, 1 min 30 s left"))
                .endsWith(drawn("[##########..........] 500 done / 10 failed / 1,000, 10/s, 47 s left") + "\n");
        assertThat(text()).containsOnlyOnce("\n");
    }

    @Test
    void elsewhereALineComesEveryTenSeconds() {
        CampaignProgress progress = progress(false);
        progress.begin(1000, 0);
        run(progress, 300, Duration.ofMillis(100));
        assertThat(text().lines()).hasSize(3).first().isEqualTo("100 done / 0 failed / 1,000, 10/s, 1 min 30 s left");
    }

    @Test
    void theServersEstimateWinsAndRowsOfEarlierRunsDoNotCountForTheRate() {
        CampaignProgress progress = progress(false);
        progress.begin(100, 1);
        for (int row = 0; row < 40; row++) {
            progress.wasSaved();
        }
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        progress.update(1, Optional.of(Duration.ofMinutes(75)));
        nanos.addAndGet(Duration.ofSeconds(20).toNanos());
        progress.update(1, Optional.of(Duration.ofMinutes(75)));
        assertThat(text()).isEqualTo("40 done / 1 failed / 100, 0.0/s, 1 h 15 min left\n");
    }

    @Test
    void aRetryBeginsAnewWithTheRowsThatAreNotThere() {
        CampaignProgress progress = progress(true);
        progress.begin(100, 0);
        run(progress, 90, Duration.ofMillis(100));
        progress.update(10, Optional.empty());
        progress.again();
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        progress.update(0, Optional.empty());
        // What was not measured for a second is no rate.
        assertThat(text()).endsWith(drawn("[....................] 0 done / 0 failed / 10"));
        run(progress, 4, Duration.ofSeconds(1));
        progress.update(1, Optional.empty());
        progress.end();
        assertThat(text()).endsWith(drawn("[##########..........] 4 done / 1 failed / 10, 1.3/s, 4 s left") + "\n");
    }

    @Test
    void withoutAnyProgressNothingIsSaid() {
        CampaignProgress progress = progress(true);
        progress.begin(100, 3);
        progress.wasSaved();
        progress.end();
        assertThat(text()).isEmpty();
    }

    @Test
    void nothingIsDrawnBelowItsEnd() {
        CampaignProgress progress = progress(true);
        progress.begin(100, 0);
        run(progress, 40, Duration.ofMillis(100));
        progress.end();
        String ended = text();
        run(progress, 1, Duration.ofSeconds(20));
        progress.update(3, Optional.empty());
        progress.end();
        assertThat(text()).isEqualTo(ended).endsWith("\n");
        // Its last state stands there once, though it was due just then.
        assertThat(ended).containsOnlyOnce("40 done / 0 failed / 100, 10/s, 6 s left\033[?7h\n");
    }

    @Test
    void whatIsThereAtOnceHasNoRate() {
        CampaignProgress progress = progress(false);
        progress.begin(100, 0);
        run(progress, 90, Duration.ofMillis(1));
        progress.end();
        assertThat(text()).isEqualTo("90 done / 0 failed / 100\n");
    }

    /** The line anew, cut at the terminal's edge. */
    private static String drawn(String line) {
        return "\r\033[K\033[?7l" + line + "\033[?7h";
    }

    private void run(CampaignProgress progress, int rows, Duration each) {
        for (int row = 0; row < rows; row++) {
            nanos.addAndGet(each.toNanos());
            progress.saved();
        }
    }

    private CampaignProgress progress(boolean terminal) {
        return new CampaignProgress(new PrintStream(printed, true, UTF_8), terminal, nanos::get);
    }

    private String text() {
        return printed.toString(UTF_8);
    }
}
