package dev.thunderhead.frontend.batch;

import dev.thunderhead.frontend.file.FileId;
import dev.thunderhead.frontend.file.Files;
import dev.thunderhead.frontend.file.StoredFile;
import dev.thunderhead.storage.ObjectKeys;
import dev.thunderhead.storage.ObjectStore;
import dev.thunderhead.storage.RecordStore;
import dev.thunderhead.wire.Json;
import dev.thunderhead.wire.MalformedRecordException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A batch's lines. They are copied when the batch begins, so that their owner may delete the file, or have it expire.
 * Blocks. Thread-safe.
 */
final class BatchInput {
    private static final String COPY = "input";
    private static final String PLAN = "plan.json";
    private static final String JSON_LINES = "application/jsonl";
    private static final String JSON = "application/json";
    private static final int DROPPED_AT_ONCE = 1 << 20;

    private final RecordStore store;
    private final Files files;
    private final LineJudge judge;
    private final LineJobs jobs;

    BatchInput(RecordStore store, Files files, LineJudge judge, LineJobs jobs) {
        this.store = store;
        this.files = files;
        this.judge = judge;
        this.jobs = jobs;
    }

    /**
     * The copy, from its beginning; to be closed. It is made of the account's file, if that was not done before.
     *
     * @return empty when there is neither
     */
    Optional<InputStream> copy(Batches.Name batch, FileId input) throws IOException {
        Optional<InputStream> copy = open(batch);
        if (copy.isPresent()) {
            return copy;
        }
        Optional<StoredFile> file = files.find(batch.account(), input);
        Optional<InputStream> content = file.isPresent() ? files.open(file.get()) : Optional.empty();
        if (content.isEmpty()) {
            return Optional.empty();
        }
        try (InputStream bytes = content.get()) {
            store.write(key(batch, COPY), bytes, JSON_LINES, file.get().bytes());
        }
        return open(batch);
    }

    /** Whether the copy is there. */
    boolean isKept(Batches.Name batch) throws IOException {
        return store.head(key(batch, COPY)).isPresent();
    }

    private Optional<InputStream> open(Batches.Name batch) throws IOException {
        return store.open(key(batch, COPY));
    }

    void delete(Batches.Name batch) throws IOException {
        store.delete(key(batch, COPY));
    }

    void keep(Batches.Name batch, Plan plan) throws IOException {
        store.put(key(batch, PLAN), Json.bytes(plan), JSON, Map.of());
    }

    /** Where its lines are in the copy; empty when either is missing or cannot be read, or they do not belong together. */
    Optional<Plan> plan(Batches.Name batch) throws IOException {
        Optional<byte[]> plan = store.get(key(batch, PLAN));
        Optional<ObjectStore.Head> copy = store.head(key(batch, COPY));
        try {
            return plan.map(json -> Json.read(json, Plan.class))
                    .filter(read -> copy.isPresent() && copy.get().length() == read.bytes());
        } catch (MalformedRecordException problem) {
            return Optional.empty();
        }
    }

    private static String key(Batches.Name batch, String name) {
        return ObjectKeys.batchParts(batch.account(), batch.id().value()) + name;
    }

    /**
     * The lines of a page that are not done.
     *
     * @param deadline when the batch's time is over
     * @param inDoubt of lines up to this one it is asked whether they were queued before
     * @return empty when the copy is missing
     */
    Optional<List<LoadedLine>> load(Batches.Name batch, Plan plan, int page, Instant deadline, BitSet done, int inDoubt)
            throws IOException {
        if (plan.pages().get(page).line() <= inDoubt) {
            jobs.catchUp();
        }
        return eachLeft(
                batch,
                plan.pages().get(page),
                plan.length(page),
                done,
                (line, read) ->
                        new LoadedLine(line, customId(read), content(batch, line, read, deadline, line <= inDoubt)));
    }

    private LoadedLine.Content content(Batches.Name batch, int line, InputLine read, Instant deadline, boolean inDoubt)
            throws IOException {
        LineJudge.Verdict verdict = judge.judge(read);
        if (verdict instanceof LineJudge.Verdict.Refused refused) {
            // Whoever queued it may have judged it by another catalogue.
            Optional<LoadedLine.Content> queued = inDoubt ? jobs.foundAsQueued(batch, line) : Optional.empty();
            return queued.orElseGet(() -> new LoadedLine.Content.Refused(refused));
        }
        LineJob job = jobs.job(batch, line, ((LineJudge.Verdict.Accepted) verdict).request(), deadline);
        return inDoubt ? jobs.found(job) : new LoadedLine.Content.Fresh(job);
    }

    /**
     * What becomes of lines that are not done when the batch ends: of some thousands, from the first one on.
     *
     * @param done at least one line is missing in it
     * @return empty when the copy is missing
     */
    Optional<List<LineResult>> dropped(Batches.Name batch, Plan plan, BitSet done, LineResult.Reason reason)
            throws IOException {
        int first = plan.pageOf(done.nextClearBit(1));
        return eachLeft(
                batch,
                plan.pages().get(first),
                plan.length(first, DROPPED_AT_ONCE),
                done,
                (line, read) -> new LineResult.Dropped(line, customId(read), reason));
    }

    /** Makes something of a line. */
    @FunctionalInterface
    private interface Making<T> {
        T make(int line, InputLine read) throws IOException;
    }

    /** What is made of each line that is not done, in a stretch of whole pages. */
    private <T> Optional<List<T>> eachLeft(
            Batches.Name batch, Plan.Page begin, int length, BitSet done, Making<? extends T> making)
            throws IOException {
        Optional<byte[]> bytes = store.get(key(batch, COPY), begin.offset(), length);
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        LineReader reader = new LineReader(new ByteArrayInputStream(bytes.get()), begin.line(), begin.offset());
        List<T> made = new ArrayList<>();
        for (Optional<LineReader.Line> line = reader.next(); line.isPresent(); line = reader.next()) {
            if (!done.get(line.get().number())) {
                made.add(making.make(line.get().number(), InputLines.read(line.get())));
            }
        }
        return Optional.of(made);
    }

    /** Its owner's name for it; empty for what passed as a request when the batch began, and does so no longer. */
    private static String customId(InputLine line) {
        return line instanceof InputLine.Request request ? request.customId() : "";
    }

    /** Those lines alone, each with its end; to be closed. */
    InputStream open(Batches.Name batch, BitSet wanted) throws IOException {
        InputStream bytes = open(batch)
                .orElseThrow(() -> new IOException("the lines of the batch " + batch + " were deleted a moment ago"));
        LineReader reader = new LineReader(bytes);
        return new LinesStream() {
            @Override
            Optional<byte[]> next() throws IOException {
                for (Optional<LineReader.Line> line = reader.next(); line.isPresent(); line = reader.next()) {
                    if (wanted.get(line.get().number())) {
                        byte[] content = line.get().content();
                        byte[] ended = Arrays.copyOf(content, content.length + 1);
                        ended[content.length] = '\n';
                        return Optional.of(ended);
                    }
                }
                return Optional.empty();
            }

            @Override
            public void close() throws IOException {
                bytes.close();
            }
        };
    }
}
