package dev.thunderhead.frontend.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thunderhead.frontend.batch.Batch.Segment;
import dev.thunderhead.frontend.job.MemoryStore;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ResultLogTest {
    private final MemoryStore store = new MemoryStore();
    private final ResultLog log = new ResultLog(store, "parts/", List.of(new Segment("earlier", 3)));

    private static List<LineResult> results(int from, int count) {
        return IntStream.range(from, from + count)
                .<LineResult>mapToObj(
                        line -> new LineResult.Dropped(line, "line-" + line, LineResult.Reason.BATCH_EXPIRED))
                .toList();
    }

    @Test
    void theLastSegmentIsWrittenAnewUntilItIsFull() throws IOException {
        log.add(results(1, 2));
        List<Segment> first = log.flush();
        log.clear();
        log.add(results(3, 1));
        List<Segment> second = log.flush();
        assertThat(first).extracting(Segment::count).containsExactly(3, 2);
        assertThat(second).extracting(Segment::count).containsExactly(3, 3);
        assertThat(store.list("parts/"))
                .contains(
                        "parts/" + first.get(1).name(), "parts/" + second.get(1).name());
        log.clear();
        assertThat(store.list("parts/"))
                .containsExactly("parts/" + second.get(1).name());
    }

    @Test
    void fullSegmentsStay() throws IOException {
        log.add(results(1, 600));
        List<Segment> segments = log.flush();
        assertThat(segments).extracting(Segment::count).containsExactly(3, 250, 250, 100);
        log.clear();
        log.add(results(601, 200));
        List<Segment> later = log.flush();
        assertThat(later).extracting(Segment::count).containsExactly(3, 250, 250, 250, 50);
        assertThat(later.subList(0, 3)).isEqualTo(segments.subList(0, 3));
    }

    @Test
    void nothingNewWritesNothing() throws IOException {
        log.add(results(1, 2));
        List<Segment> segments = log.flush();
        assertThat(log.flush()).isEqualTo(segments);
        assertThat(store.list("parts/")).hasSize(1);
    }
}
