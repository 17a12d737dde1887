package dev.thunderhead.frontend.batch;

import dev.thunderhead.frontend.batch.Batch.Segment;
import dev.thunderhead.frontend.error.ApiError;
import dev.thunderhead.frontend.error.ApiException;
import dev.thunderhead.frontend.error.ErrorKind;
import dev.thunderhead.frontend.listing.Page;
import dev.thunderhead.job.Account;
import dev.thunderhead.storage.ObjectKeys;
import dev.thunderhead.storage.RecordStore;
import dev.thunderhead.wire.Json;
import dev.thunderhead.wire.MalformedRecordException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads what the lines of batches have come to, also while they run. Blocks. Thread-safe. */
public final class Results {
    private static final Logger LOG = LoggerFactory.getLogger(Results.class);
    /** A segment may be replaced by a longer one between the look at the batch and the look at the segment. */
    private static final int ATTEMPTS = 10;

    private final Batches batches;
    private final RecordStore store;
    private final OutputLines lines;

    public Results(Batches batches, RecordStore store, OutputLines lines) {
        this.batches = batches;
        this.store = store;
        this.lines = lines;
    }

    /**
     * A part of the output so far, in the order in which lines ended, with addresses in the place of pictures.
     *
     * @param after the id of the line before; empty: from the first one on
     * @return empty when there is no such batch
     * @throws ApiException when {@code after} is none of its lines' ids, or the results are not kept any more
     */
    public Optional<Page<String, OutputLine>> page(Account account, BatchId id, Optional<String> after, int limit)
            throws IOException {
        for (int attempt = 1; ; attempt++) {
            Optional<Batch> batch = batches.find(account, id);
            if (batch.isEmpty()) {
                return Optional.empty();
            }
            int from = after.isEmpty() ? 0 : placeBehind(id, after.get());
            Optional<List<OutputLine>> page = page(batch.get(), from, limit + 1);
            if (page.isPresent() && !(page.get().isEmpty() && isNothingLeft(batch.get()))) {
                return Optional.of(Page.of(page.get(), limit, OutputLine::id));
            }
            // Results of a batch that has ended do not change: these have gone before its record, which is younger.
            if (batch.get().status().isFinal()) {
                throw expired();
            }
            if (attempt == ATTEMPTS) {
                throw new IOException("results of the batch " + id + " are missing");
            }
        }
    }

    private static int placeBehind(BatchId id, String line) {
        return OutputLines.place(id, line).orElseThrow(Page::unknownCursor) + 1;
    }

    /** Whether there were results of the batch, some of which were lost before it ended, and none is left. */
    private boolean isNothingLeft(Batch batch) throws IOException {
        return batch.status().isFinal()
                && batch.hasLostResults()
                && batch.feed().results() > 0
                && page(batch, 0, 1).filter(List::isEmpty).isPresent();
    }

    /** Empty when some are missing of which it was not said that they are lost. */
    private Optional<List<OutputLine>> page(Batch batch, int from, int limit) throws IOException {
        List<OutputLine> page = new ArrayList<>();
        int place = 0;
        for (Segment segment : batch.feed().segments()) {
            if (place + segment.count() > from && page.size() < limit) {
                Optional<List<LineResult>> found = of(batch, segment);
                if (found.isEmpty() && !batch.hasLostResults()) {
                    return Optional.empty();
                }
                List<LineResult> results = found.orElse(List.of());
                for (int i = Math.max(0, from - place); i < results.size() && page.size() < limit; i++) {
                    page.add(lines.of(batch.id(), place + i, results.get(i), OutputLines.Pictures.ADDRESSES));
                }
            }
            place += segment.count();
        }
        return Optional.of(page);
    }

    /** What the owner of a batch is told of which only the record is left. */
    static ApiException expired() {
        return ApiError.of(ErrorKind.NOT_FOUND, "results_expired", "the results of this batch are not kept any more")
                .asException();
    }

    /**
     * The results in a segment of the batch; empty when it is not there or cannot be read: lost, unless the batch was read
     * too long ago while it was running.
     */
    Optional<List<LineResult>> of(Batch batch, Segment segment) throws IOException {
        Optional<byte[]> content =
                store.get(ObjectKeys.batchParts(batch.account(), batch.id().value()) + segment.name());
        if (content.isEmpty()) {
            return Optional.empty();
        }
        List<LineResult> results = new ArrayList<>(segment.count());
        try {
            // What is stored is ASCII.
            for (String line :
                    new String(content.get(), StandardCharsets.US_ASCII).lines().toList()) {
                results.add(Json.read(line.getBytes(StandardCharsets.US_ASCII), LineResult.class));
            }
        } catch (MalformedRecordException problem) {
            LOG.error(
                    "event=results_unreadable batch={} segment={} problem=\"{}\"",
                    batch.id(),
                    segment.name(),
                    problem.toString());
            return Optional.empty();
        }
        return Optional.of(results).filter(all -> all.size() == segment.count());
    }
}
