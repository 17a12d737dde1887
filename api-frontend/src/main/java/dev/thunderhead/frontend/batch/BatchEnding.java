package dev.thunderhead.frontend.batch;

import dev.thunderhead.frontend.file.FileId;
import dev.thunderhead.frontend.file.Files;
import dev.thunderhead.frontend.file.StoredFile;
import dev.thunderhead.frontend.lifecycle.CrashPoint;
import dev.thunderhead.job.BatchEvent;
import dev.thunderhead.wire.MalformedRecordException;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings batches to their end: decides it, and then writes the files and tells. Each step stands in the batch's record
 * before the next one begins, and doing one again changes nothing, so whoever takes the batch over goes on where another
 * one died. Blocks. Thread-safe.
 */
final class BatchEnding {
    private static final Logger LOG = LoggerFactory.getLogger(BatchEnding.class);

    private final Batches batches;
    private final Files files;
    private final OutputFile output;
    private final BatchCallbacks callbacks;
    private final Runnable unreadable;
    private final Clock clock;
    private final RandomGenerator random;

    /** @param unreadable is run when nobody can be told of an end since something in the store cannot be read */
    BatchEnding(
            Batches batches,
            Files files,
            OutputFile output,
            BatchCallbacks callbacks,
            Runnable unreadable,
            Clock clock,
            RandomGenerator random) {
        this.batches = batches;
        this.files = files;
        this.output = output;
        this.callbacks = callbacks;
        this.unreadable = unreadable;
        this.clock = clock;
        this.random = random;
    }

    /**
     * Decides what a batch comes to of which nothing is left to do but to {@link #end} it, as its record tells, unless that
     * is decided.
     *
     * @return the batch as it stands then; empty when another feeder has it
     */
    Optional<Batch> decide(Batches.Name name, String feeder) throws IOException {
        return batches.updateAs(
                feeder,
                name,
                batch -> batch.ending().isPresent() || batch.status().isFinal() ? batch : decided(batch));
    }

    private Batch decided(Batch stands) {
        int lost = stands.feed().total() - stands.feed().results();
        Batch batch = lost > 0 && stands.errors().isEmpty()
                ? stands.refused(List.of(BatchError.ofLostResults(lost)))
                : stands;
        int completed = batch.feed().tally().completed();
        int others = batch.feed().results() - completed;
        BatchStatus end = end(batch);
        Batch ending = batch.ending(end, file(completed), file(others));
        return end == BatchStatus.CANCELLED ? ending : ending.enter(BatchStatus.FINALIZING, clock.instant());
    }

    // Of the record alone, so that whoever comes first decides the same.
    private static BatchStatus end(Batch batch) {
        if (batch.status() == BatchStatus.CANCELLING) {
            return BatchStatus.CANCELLED;
        }
        if (!batch.errors().isEmpty()) {
            return BatchStatus.FAILED;
        }
        return batch.feed().hasRun() ? BatchStatus.COMPLETED : BatchStatus.EXPIRED;
    }

    private Optional<FileId> file(int lines) {
        return lines > 0 ? Optional.of(FileId.create(clock.instant(), random)) : Optional.empty();
    }

    /**
     * Ends a batch of which it is decided what it comes to, or goes on with it where somebody has left off. Does nothing when
     * another feeder has it.
     *
     * @param wanted asked while the files are written, which may take hours
     * @throws IOException also when it is not wanted any more
     */
    void end(Batches.Name name, String feeder, BooleanSupplier wanted) throws IOException {
        Optional<Batch> found = find(name, feeder);
        if (found.isPresent() && !found.get().status().isFinal()) {
            int lostLines = write(found.get(), wanted);
            CrashPoint.OUTPUT_WRITTEN.reached();
            found = batches.updateAs(feeder, name, batch -> ended(batch, lostLines));
        }
        if (found.isPresent()) {
            CrashPoint.BATCH_ENDED.reached();
            tell(found.get());
            batches.close(name);
            LOG.info(
                    "event=batch_ended batch={} account={} status={} completed={} failed={}",
                    name,
                    name.account(),
                    found.get().status(),
                    found.get().feed().tally().completed(),
                    found.get().feed().tally().failed());
        }
    }

    /** The batch, if that feeder still has it. */
    private Optional<Batch> find(Batches.Name name, String feeder) throws IOException {
        return batches.find(name.account(), name.id())
                .filter(batch -> batch.feed().feeder().equals(feeder));
    }

    private Batch ended(Batch batch, int lostLines) {
        if (lostLines > 0) {
            LOG.error("event=results_lost batch={} lines={}", batch.id(), lostLines);
            List<BatchError> errors = new ArrayList<>(batch.errors());
            errors.add(BatchError.ofLostResults(lostLines));
            return batch.refused(errors).enter(BatchStatus.FAILED, clock.instant());
        }
        return batch.ending().map(end -> batch.enter(end, clock.instant())).orElse(batch);
    }

    /** Writes its files; of how many lines there is nothing left to write. */
    private int write(Batch batch, BooleanSupplier wanted) throws IOException {
        int lost = 0;
        if (batch.output().isPresent()) {
            lost = write(batch, batch.output().get(), output.open(batch, OutputFile.Part.ANSWERS, wanted), "output");
        }
        // Each file is made of all results.
        if (batch.errorFile().isPresent()) {
            OutputFile.Content failures = output.open(batch, OutputFile.Part.FAILURES, wanted);
            lost = Math.max(lost, write(batch, batch.errorFile().get(), failures, "error"));
        }
        return lost;
    }

    private int write(Batch batch, FileId id, OutputFile.Content content, String suffix) throws IOException {
        try (content) {
            files.write(id, batch.account(), content, batch.feed().tally().outputBytes());
            // Whoever has taken it over meanwhile may have ended it, and its owner may have deleted the file since.
            Batches.Name name = new Batches.Name(batch.account(), batch.id());
            if (find(name, batch.feed().feeder()).isPresent()) {
                String fileName = batch.id() + "_" + suffix + ".jsonl";
                files.keep(
                        id,
                        batch.account(),
                        fileName,
                        StoredFile.OUTPUT,
                        batch.order().outputKept());
            }
            return content.lostLines();
        }
    }

    private void tell(Batch batch) throws IOException {
        BatchEvent event = switch (batch.status()) {
            case COMPLETED -> BatchEvent.COMPLETED;
            case FAILED -> BatchEvent.FAILED;
            case EXPIRED -> BatchEvent.EXPIRED;
            case CANCELLED -> BatchEvent.CANCELLED;
            default -> throw new IllegalStateException("the batch has not ended");
        };
        try {
            callbacks.plan(
                    batch.account(), batch.id().value(), event, batch.endedAt().orElseThrow());
        } catch (IOException problem) {
            if (!MalformedRecordException.isCauseOf(problem)) {
                throw problem;
            }
            // No repetition makes it readable.
            unreadable.run();
            LOG.error("event=batch_never_told batch={} problem=\"{}\"", batch.id(), problem.toString());
        }
    }
}
