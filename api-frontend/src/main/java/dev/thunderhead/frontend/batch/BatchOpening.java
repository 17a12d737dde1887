package dev.thunderhead.frontend.batch;

import dev.thunderhead.frontend.batch.Batch.Feed;
import dev.thunderhead.storage.ObjectKeys;
import dev.thunderhead.storage.RecordStore;
import dev.thunderhead.wire.MalformedRecordException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes batches over: has their files read, or goes on where an earlier feeder has left them. Blocks. Thread-safe. */
final class BatchOpening {
    private static final Logger LOG = LoggerFactory.getLogger(BatchOpening.class);

    /** A batch is kept a moment after the note of it; if not, its frontend has died between the two. */
    private static final Duration NEVER_KEPT = Duration.ofMinutes(10);

    private final Batches batches;
    private final RecordStore store;
    private final BatchInput input;
    private final Validator validator;
    private final LineJobs jobs;
    private final Clock clock;

    BatchOpening(
            Batches batches, RecordStore store, BatchInput input, Validator validator, LineJobs jobs, Clock clock) {
        this.batches = batches;
        this.store = store;
        this.input = input;
        this.validator = validator;
        this.jobs = jobs;
        this.clock = clock;
    }

    /** What is to be done about a batch. */
    sealed interface Opened {
        /** Its lines are to be fed. */
        record Running(RunningBatch batch) implements Opened {}

        /** It is to be brought to its end. */
        record Over() implements Opened {}

        /** Nothing: there is none, or it was taken over by somebody else. */
        record Nothing() implements Opened {}
    }

    /**
     * Takes a batch over.
     *
     * @param feeder a name for whoever takes it, until another one does
     * @param chosen whether this frontend is still the one that feeds
     */
    Opened open(Batches.Name name, String feeder, BooleanSupplier chosen) throws IOException {
        Optional<Batch> taken = batches.update(
                name.account(),
                name.id(),
                batch -> chosen.getAsBoolean() ? batch.with(batch.feed().by(feeder)) : batch);
        if (taken.isEmpty() && name.id().createdAt().plus(NEVER_KEPT).isBefore(clock.instant())) {
            LOG.warn("event=batch_never_kept batch={}", name);
            batches.forget(name);
        }
        if (taken.filter(batch -> batch.feed().feeder().equals(feeder)).isEmpty()) {
            return new Opened.Nothing();
        }
        // What was written long ago is swept, and it may have been taken for a batch that was never kept.
        batches.renew(name);
        return opened(taken.get(), name, feeder);
    }

    private Opened opened(Batch batch, Batches.Name name, String feeder) throws IOException {
        boolean decided = batch.status().isFinal()
                || batch.ending().isPresent()
                || !batch.errors().isEmpty();
        // What ends without its lines having been read.
        boolean unread = batch.feed().lines() == 0 && (batch.status() == BatchStatus.CANCELLING || isLate(batch));
        if (decided || unread || batch.feed().isDone()) {
            return new Opened.Over();
        }
        return batch.feed().lines() > 0 ? resumed(batch, name, feeder) : validated(batch, name, feeder);
    }

    private boolean isLate(Batch batch) {
        return !clock.instant().isBefore(batch.order().expiresAt());
    }

    private Opened resumed(Batch batch, Batches.Name name, String feeder) throws IOException {
        Optional<Plan> kept = input.plan(name);
        Optional<Plan> plan = kept.isPresent() ? kept : restored(batch, name);
        return plan.isPresent() ? running(batch, plan.get(), log(batch)) : lost(batch, name, feeder);
    }

    /** The plan made anew, of the copy or of the file itself; empty when neither is what it was. */
    private Optional<Plan> restored(Batch batch, Batches.Name name) throws IOException {
        if (validate(batch, name) instanceof Validator.Verdict.Passed passed
                && passed.lines() == batch.feed().lines()) {
            LOG.warn("event=batch_input_restored batch={}", name);
            input.keep(name, passed.plan());
            return Optional.of(passed.plan());
        }
        return Optional.empty();
    }

    /** Nobody knows its lines any more. What has its result keeps it. */
    private Opened lost(Batch batch, Batches.Name name, String feeder) throws IOException {
        LOG.error("event=batch_input_lost batch={}", name);
        jobs.callOff(name, batch.feed());
        Optional<Batch> failed =
                batches.updateAs(feeder, name, stands -> stands.refused(List.of(BatchError.ofLostInput())));
        return failed.isPresent() ? new Opened.Over() : new Opened.Nothing();
    }

    // Not on the feeder's thread: a record that contradicts itself is the trouble of its batch alone.
    private static Opened running(Batch batch, Plan plan, ResultLog log) {
        return new Opened.Running(new RunningBatch(batch, plan, log, System.nanoTime()));
    }

    private ResultLog log(Batch batch) {
        String prefix = ObjectKeys.batchParts(batch.account(), batch.id().value());
        return new ResultLog(store, prefix, batch.feed().segments());
    }

    private Opened validated(Batch batch, Batches.Name name, String feeder) throws IOException {
        Validator.Verdict verdict = validate(batch, name);
        if (verdict instanceof Validator.Verdict.Refused refused) {
            LOG.info(
                    "event=batch_refused batch={} errors={}",
                    name,
                    refused.errors().size());
            return refuse(name, feeder, refused.errors());
        }
        Validator.Verdict.Passed passed = (Validator.Verdict.Passed) verdict;
        input.keep(name, passed.plan());
        ResultLog log = log(batch);
        log.add(passed.refused());
        Feed feed = new Feed(
                feeder,
                passed.lines(),
                passed.total(),
                passed.model(),
                Tally.NONE.plus(passed.refused()),
                0,
                LineSet.of(passed.done()),
                log.flush(),
                Optional.empty());
        Optional<Batch> begun = batches.updateAs(feeder, name, stands -> begun(stands, feed));
        LOG.info(
                "event=batch_begun batch={} lines={} refused={}",
                name,
                passed.total(),
                passed.refused().size());
        return begun.map(stands -> running(stands, passed.plan(), log)).orElseGet(Opened.Nothing::new);
    }

    private Validator.Verdict validate(Batch batch, Batches.Name name) throws IOException {
        try {
            Optional<InputStream> copy = input.copy(name, batch.order().input());
            if (copy.isEmpty()) {
                return refused("file_not_found", "the input file was deleted before it was read");
            }
            try (InputStream bytes = copy.get()) {
                return validator.validate(bytes);
            }
        } catch (IOException problem) {
            if (!MalformedRecordException.isCauseOf(problem)) {
                throw problem;
            }
            // No repetition makes it readable.
            return refused("file_unreadable", "what is known of the input file cannot be read: upload it again");
        }
    }

    private static Validator.Verdict refused(String code, String message) {
        return new Validator.Verdict.Refused(List.of(BatchError.ofFile(code, message)));
    }

    // It may have been cancelled meanwhile; then all its lines are dropped.
    private Batch begun(Batch stands, Feed feed) {
        Batch fed = stands.with(feed);
        return stands.status() == BatchStatus.VALIDATING ? fed.enter(BatchStatus.IN_PROGRESS, clock.instant()) : fed;
    }

    private Opened refuse(Batches.Name name, String feeder, List<BatchError> errors) throws IOException {
        Optional<Batch> failed = batches.updateAs(
                feeder,
                name,
                stands -> stands.refused(errors)
                        .enter(
                                stands.status() == BatchStatus.CANCELLING ? BatchStatus.CANCELLED : BatchStatus.FAILED,
                                clock.instant()));
        if (failed.isEmpty()) {
            return new Opened.Nothing();
        }
        input.delete(name);
        return new Opened.Over();
    }
}
