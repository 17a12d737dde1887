package dev.thunderhead.frontend.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thunderhead.frontend.answer.ErrorBody;
import dev.thunderhead.frontend.error.ApiError;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LineSourceTest {
    private static final int PAGE = 100;

    /** Pages of a hundred lines. */
    private static Plan plan(int pages) {
        return new Plan(
                IntStream.range(0, pages)
                        .mapToObj(page -> new Plan.Page(page * PAGE + 1, page * 1_000L))
                        .toList(),
                pages * 1_000L);
    }

    private static LineSource source(int pages, int reserved) {
        return new LineSource(plan(pages), pages * PAGE, new BitSet(), reserved);
    }

    private static List<LoadedLine> lines(int page) {
        LineJudge.Verdict.Refused any =
                new LineJudge.Verdict.Refused(400, ErrorBody.of(ApiError.invalid("prompt", "none")));
        return IntStream.rangeClosed(page * PAGE + 1, (page + 1) * PAGE)
                .mapToObj(line -> new LoadedLine(line, "line-" + line, new LoadedLine.Content.Refused(any)))
                .toList();
    }

    @Test
    void onePageIsReadAtATimeInOrderAndOneThatFailsComesAgain() {
        LineSource source = source(3, 0);
        assertThat(source.nextPage()).contains(0);
        assertThat(source.nextPage()).isEmpty();
        source.notRead();
        assertThat(source.nextPage()).contains(0);
        source.read(List.of());
        assertThat(source.nextPage()).contains(1);
        source.read(lines(1));
        assertThat(source.nextPage()).as("enough is at hand").isEmpty();
        assertThat(source.isEmpty()).isFalse();
    }

    @Test
    void pagesOfWhichAllIsDoneAreNotRead() {
        BitSet done = new BitSet();
        done.set(1, 2 * PAGE + 1);
        LineSource source = new LineSource(plan(3), 3 * PAGE, done, 2 * PAGE);
        assertThat(source.nextPage()).contains(2);
        source.read(List.of());
        assertThat(source.isEmpty()).isTrue();
    }

    @Test
    void nothingIsGivenOutBeforeTheRecordSaysThatItMayBeQueued() {
        LineSource source = source(5, 0);
        source.nextPage();
        source.read(lines(0));
        assertThat(source.isReady()).isFalse();
        assertThat(source.needsReserve()).isTrue();
        source.reserved(source.reserve(0));
        assertThat(source.needsReserve()).isFalse();
        for (int line = 1; line <= PAGE; line++) {
            assertThat(source.take().number()).isEqualTo(line);
        }
        assertThat(source.reserve(0)).isEqualTo(PAGE + 256);
        assertThat(source.reserve(1_000)).as("at most all lines").isEqualTo(5 * PAGE);
    }

    @Test
    void theLastLinesNeedNoFurtherReserve() {
        LineSource source = source(1, 0);
        source.nextPage();
        source.read(lines(0));
        source.reserved(source.reserve(0));
        assertThat(source.isReady()).isTrue();
        assertThat(source.needsReserve()).as("all lines are reserved").isFalse();
    }

    @Test
    void aStoppedSourceStillReadsWhatMayHaveBeenQueued() {
        LineSource source = source(4, PAGE + 50);
        source.stop(plan(4));
        assertThat(source.nextPage()).contains(0);
        source.read(lines(0));
        assertThat(source.isReady()).isFalse();
        assertThat(source.nextPage()).contains(1);
        source.read(List.of());
        assertThat(source.nextPage()).isEmpty();
        assertThat(source.isEmpty()).isTrue();
    }
}
