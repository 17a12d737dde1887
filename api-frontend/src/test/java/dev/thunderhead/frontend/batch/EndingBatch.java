package dev.thunderhead.frontend.batch;

import dev.thunderhead.frontend.answer.PictureData;
import dev.thunderhead.frontend.batch.Batch.Feed;
import dev.thunderhead.frontend.batch.Batch.Order;
import dev.thunderhead.frontend.batch.Batch.Segment;
import dev.thunderhead.frontend.file.FileId;
import dev.thunderhead.frontend.file.Files;
import dev.thunderhead.frontend.job.Interference;
import dev.thunderhead.frontend.job.MemoryStore;
import dev.thunderhead.job.Account;
import dev.thunderhead.job.BatchEvent;
import dev.thunderhead.job.JobRecord;
import dev.thunderhead.job.TaskId;
import dev.thunderhead.storage.ObjectKeys;
import dev.thunderhead.storage.RecordStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** A batch whose lines have all ended, in a store in memory, and what brings it to its end. */
final class EndingBatch {
    static final Account ACME = new Account("acme");
    static final String FEEDER = "me";

    final MemoryStore memory = new MemoryStore();
    final List<BatchEvent> told = new ArrayList<>();
    final AtomicInteger unreadable = new AtomicInteger();
    final Batches batches;
    final Files files;
    final Results results;
    final BatchId id = BatchId.create(Instant.now(), new Random());
    final Batches.Name name = new Batches.Name(ACME, id);
    final ObjectKeys keys = new ObjectKeys("a secret of at least thirty-two characters");
    private final RecordStore store;
    private final OutputFile output;
    private final Random random = new Random(1);
    private BatchCallbacks callbacks = (account, batch, event, at) -> told.add(event);

    EndingBatch(Interference interference) {
        store = Interference.with(memory, interference);
        batches = new Batches(store);
        files = new Files(store, Clock.systemUTC());
        PatientReads reads = new PatientReads(Duration.ofMillis(1), 3);
        OutputLines lines = new OutputLines(
                new PictureData((account, task, format) -> "http://pictures/" + task, store, keys), reads);
        results = new Results(batches, store, lines);
        output = new OutputFile(results, lines, reads);
    }

    EndingBatch() {
        this((verb, key, call) -> call.call());
    }

    void callbacks(BatchCallbacks instead) {
        callbacks = instead;
    }

    BatchEnding ending() {
        return new BatchEnding(
                batches, files, output, callbacks, unreadable::incrementAndGet, Clock.systemUTC(), random);
    }

    /** All of it, as one that is wanted. */
    void end(String feeder) throws IOException {
        ending().decide(name, feeder);
        ending().end(name, feeder, () -> true);
    }

    /** The batch's results, each of these in a segment of its own. */
    List<Segment> keep(LineResult... each) throws IOException {
        List<Segment> segments = List.of();
        for (LineResult result : each) {
            ResultLog log = new ResultLog(memory, ObjectKeys.batchParts(ACME, id.value()), segments);
            log.add(List.of(result));
            segments = log.flush();
        }
        int completed =
                (int) List.of(each).stream().filter(LineResult::isCompleted).count();
        Order order = new Order(
                FileId.create(Instant.now(), random),
                "24h",
                Instant.now().plusSeconds(60),
                Map.of(),
                Duration.ofDays(1),
                Optional.empty());
        Feed feed = new Feed(
                FEEDER,
                each.length,
                each.length,
                Optional.empty(),
                new Tally(completed, each.length - completed, 0, 0, 1_000_000),
                each.length,
                new LineSet(each.length, ""),
                segments,
                Optional.empty());
        batches.create(Batch.begun(id, ACME, order, Instant.now())
                .enter(BatchStatus.IN_PROGRESS, Instant.now())
                .with(feed));
        return segments;
    }

    /** The result of a line whose pictures hold their own index; they stand in the store. */
    LineResult line(int number, JobRecord.Finished job) {
        for (int index = 0; index < job.outcomes().size(); index++) {
            memory.put(picture(job, index), new byte[] {(byte) index}, "image/png", Map.of());
        }
        return new LineResult.Ended(number, "line-" + number, 1, job);
    }

    /** The key of a picture. */
    String picture(JobRecord.Finished job, int index) {
        return keys.outcome(job.account(), new TaskId(job.id(), index));
    }

    Batch batch() throws IOException {
        return batches.find(ACME, id).orElseThrow();
    }

    boolean isOpen() throws IOException {
        return !batches.open().isEmpty();
    }

    String text(Optional<FileId> file) throws IOException {
        try (InputStream content =
                files.open(files.find(ACME, file.orElseThrow()).orElseThrow()).orElseThrow()) {
            return new String(content.readAllBytes(), StandardCharsets.US_ASCII);
        }
    }
}
