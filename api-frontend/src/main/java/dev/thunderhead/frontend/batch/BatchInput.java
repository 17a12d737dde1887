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
        Plan.Page begin = plan.pages().get(page);
        if (begin.line() <= inDoubt) {
            jobs.catchUp();
        }
        Optional<byte[]> bytes = store.get(key(batch, COPY), begin.offset(), plan.length(page));
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        LineReader reader = new LineReader(new ByteArrayInputStream(bytes.get()), begin.line(), begin.offset());
        List<LoadedLine> lines = new ArrayList<>();
        for (Optional<LineReader.Line> line = reader.next(); line.isPresent(); line = reader.next()) {
            int number = line.get().number();
            if (!done.get(number) && InputLines.read(line.get()) instanceof InputLine.Request request) {
                lines.add(new LoadedLine(
                        number, request.customId(), content(batch, number, request, deadline, number <= inDoubt)));
            }
        }
        return Optional.of(lines);
    }

    private LoadedLine.Content content(
            Batches.Name batch, int line, InputLine.Request request, Instant deadline, boolean inDoubt)
            throws IOException {
        LineJudge.Verdict verdict = judge.judge(request);
        if (verdict instanceof LineJudge.Verdict.Refused refused) {
            // Whoever queued it may have judged it by another catalogue.
            Optional<LineJob> queued = inDoubt ? jobs.known(batch, line) : Optional.empty();
            return queued.isPresent() ? jobs.found(queued.get()) : new LoadedLine.Content.Refused(refused);
        }
        LineJob job = jobs.job(batch, line, ((LineJudge.Verdict.Accepted) verdict).request(), deadline);
        return inDoubt ? jobs.found(job) : new LoadedLine.Content.Fresh(job);
    }

    /** What becomes of the lines that are not done when the batch ends; empty when the copy is missing. */
    Optional<List<LineResult>> dropped(Batches.Name batch, BitSet done, LineResult.Reason reason) throws IOException {
        Optional<InputStream> copy = open(batch);
        if (copy.isEmpty()) {
            return Optional.empty();
        }
        List<LineResult> dropped = new ArrayList<>();
        try (InputStream bytes = copy.get()) {
            LineReader reader = new LineReader(bytes);
            for (Optional<LineReader.Line> line = reader.next(); line.isPresent(); line = reader.next()) {
                int number = line.get().number();
                if (!done.get(number) && InputLines.read(line.get()) instanceof InputLine.Request request) {
                    dropped.add(new LineResult.Dropped(number, request.customId(), reason));
                }
            }
        }
        return Optional.of(dropped);
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
