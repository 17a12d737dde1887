package dev.thunderhead.frontend.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thunderhead.frontend.answer.PictureData;
import dev.thunderhead.frontend.batch.Batch.Feed;
import dev.thunderhead.frontend.batch.Batch.Order;
import dev.thunderhead.frontend.batch.Batch.Segment;
import dev.thunderhead.frontend.error.ApiException;
import dev.thunderhead.frontend.file.FileId;
import dev.thunderhead.frontend.job.MemoryStore;
import dev.thunderhead.frontend.listing.Page;
import dev.thunderhead.job.Account;
import dev.thunderhead.storage.ObjectKeys;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ResultsTest {
    private static final Account ACME = new Account("acme");
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Instant now = Instant.now();
    private final BatchId id = BatchId.create(now, RANDOM);
    private final MemoryStore store = new MemoryStore();
    private final Batches batches = new Batches(store);
    private final PictureData pictures = new PictureData(
            (account, task, format) -> "http://pictures/" + task,
            store,
            new ObjectKeys("a secret of at least thirty-two characters"));
    private final Results results =
            new Results(batches, store, new OutputLines(pictures, new PatientReads(Duration.ZERO, 1)));

    private void keep(BatchStatus status, List<Segment> segments) throws IOException {
        keep(status, segments, List.of());
    }

    private void keep(BatchStatus status, List<Segment> segments, List<BatchError> errors) throws IOException {
        Order order = new Order(
                FileId.create(now, RANDOM), "24h", now.plusSeconds(60), Map.of(), Duration.ofDays(1), Optional.empty());
        Feed feed = new Feed("me", 3, 3, Optional.empty(), Tally.NONE, 3, LineSet.NONE, segments, Optional.empty());
        batches.create(Batch.begun(id, ACME, order, now)
                .refused(errors)
                .enter(status, now)
                .with(feed));
    }

    private List<Segment> written() throws IOException {
        ResultLog log = new ResultLog(store, ObjectKeys.batchParts(ACME, id.value()), List.of());
        for (int line = 1; line <= 3; line++) {
            log.add(List.of(new LineResult.Dropped(line, "line-" + line, LineResult.Reason.BATCH_EXPIRED)));
        }
        return log.flush();
    }

    @Test
    void pagesGoOnBehindTheLineThatIsNamed() throws IOException {
        keep(BatchStatus.IN_PROGRESS, written());
        Page<String, OutputLine> first =
                results.page(ACME, id, Optional.empty(), 2).orElseThrow();
        assertThat(first.entries()).extracting(OutputLine::line).containsExactly(1, 2);
        assertThat(first.next()).isPresent();
        Page<String, OutputLine> second =
                results.page(ACME, id, first.next(), 2).orElseThrow();
        assertThat(second.entries()).extracting(OutputLine::line).containsExactly(3);
        assertThat(second.next()).isEmpty();
        assertThatThrownBy(() -> results.page(ACME, id, Optional.of("batch_req_other_1"), 2))
                .isInstanceOfSatisfying(
                        ApiException.class,
                        problem -> assertThat(problem.error().param()).isEqualTo("after"));
        assertThat(results.page(ACME, BatchId.create(now, RANDOM), Optional.empty(), 2))
                .isEmpty();
    }

    @Test
    void whatIsNotKeptAnyMoreIsNoTroubleOfTheStore() throws IOException {
        keep(BatchStatus.COMPLETED, List.of(new Segment("gone", 3)));
        assertThatThrownBy(() -> results.page(ACME, id, Optional.empty(), 2))
                .isInstanceOfSatisfying(
                        ApiException.class,
                        problem -> assertThat(problem.error().code()).isEqualTo("results_expired"));
    }

    @Test
    void ofABatchThatHadLostSomeTheRestIsNotKeptForeverEither() throws IOException {
        List<Segment> segments = new ArrayList<>(written());
        segments.add(0, new Segment("lost", 2));
        keep(BatchStatus.FAILED, segments, List.of(BatchError.ofLostResults(2)));
        Page<String, OutputLine> rest =
                results.page(ACME, id, Optional.empty(), 2).orElseThrow();
        assertThat(rest.entries()).extracting(OutputLine::line).containsExactly(1, 2);
        Optional<String> last = Optional.of("batch_req_" + id.unique() + "_4");
        assertThat(results.page(ACME, id, last, 2).orElseThrow().entries())
                .as("the end")
                .isEmpty();
        store.delete(ObjectKeys.batchParts(ACME, id.value()) + segments.get(1).name());
        for (Optional<String> after : List.of(Optional.<String>empty(), last)) {
            assertThatThrownBy(() -> results.page(ACME, id, after, 2))
                    .isInstanceOfSatisfying(
                            ApiException.class,
                            problem -> assertThat(problem.error().code()).isEqualTo("results_expired"));
        }
    }

    @Test
    void whatIsMissingWhileTheBatchRunsIs() throws IOException {
        keep(BatchStatus.IN_PROGRESS, List.of(new Segment("gone", 3)));
        assertThatThrownBy(() -> results.page(ACME, id, Optional.empty(), 2)).isInstanceOf(IOException.class);
    }
}
