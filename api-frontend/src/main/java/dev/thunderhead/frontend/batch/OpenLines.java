package dev.thunderhead.frontend.batch;

import dev.thunderhead.frontend.batch.FeederThread.Work;
import dev.thunderhead.job.JobRecord;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Queues lines of running batches, calls them off, and hears of their ends. Belongs to the feeder's thread. */
final class OpenLines {
    private static final Logger LOG = LoggerFactory.getLogger(OpenLines.class);
    /** After so long it is asked whether a line has ended. */
    private static final Duration LONG_OPEN = Duration.ofSeconds(5);

    private static final Duration RATE_MEMORY = Duration.ofSeconds(2);
    private static final int ASKED_AT_ONCE = 64;

    private final FeederThread thread;
    private final RunningBatches running;
    private final LineJobs jobs;
    private final FeederLease lease;
    private final Clock clock;
    private final Map<OpenLine, RunningBatch> unsent = new LinkedHashMap<>();
    private RateMeter rate = new RateMeter(RATE_MEMORY, System.nanoTime());

    OpenLines(FeederThread thread, RunningBatches running, LineJobs jobs, FeederLease lease, Clock clock) {
        this.thread = thread;
        this.running = running;
        this.jobs = jobs;
        this.lease = lease;
        this.clock = clock;
    }

    /** Queues what the journal does not hold of the line's job, and listens for its end. */
    void open(RunningBatch batch, LoadedLine line, LineJob job) {
        queue(batch, listen(batch, line, job));
    }

    /** The line's job has ended before anybody here listened for it. */
    void ended(RunningBatch batch, LoadedLine line, LineJob job, JobRecord.Finished record) {
        ended(batch, listen(batch, line, job), record);
    }

    private OpenLine listen(RunningBatch batch, LoadedLine line, LineJob job) {
        OpenLine open = jobs.listen(line, job);
        if (!batch.opened(open)) {
            throw new IllegalStateException("a line was given out twice: " + job.id());
        }
        CompletableFuture<Void> unused = open.awaited()
                .end()
                .thenAccept(state -> thread.post(() -> running.about(batch, () -> ended(batch, open, state.record()))));
        return open;
    }

    private void queue(RunningBatch batch, OpenLine line) {
        if (batch.stopped().isPresent()) {
            // It will be called off.
            return;
        }
        if (!lease.isFresh()) {
            // It was frozen at this very place, and another one may have been chosen.
            unsent(batch, line);
            return;
        }
        CompletableFuture<Void> unused = jobs.queue(line.job()).exceptionally(problem -> {
            LOG.warn("event=line_not_queued job={} problem=\"{}\"", line.job().id(), problem.toString());
            thread.post(() -> running.about(batch, () -> unsent(batch, line)));
            return null;
        });
    }

    private void unsent(RunningBatch batch, OpenLine line) {
        if (batch.isOpen(line)) {
            unsent.put(line, batch);
        }
    }

    /** Whether all that was to be queued has been sent. */
    boolean isSent() {
        return unsent.isEmpty();
    }

    /** Queues again what could not be sent. */
    void sendAgain() {
        Map<OpenLine, RunningBatch> again = new LinkedHashMap<>(unsent);
        unsent.clear();
        again.forEach((line, batch) -> running.about(batch, () -> queue(batch, line)));
    }

    private void ended(RunningBatch batch, OpenLine line, JobRecord.Finished record) {
        if (!batch.isOpen(line)) {
            return;
        }
        LineResult result = line.result(record, batch.stopped(), batch.isTimeOver(clock.instant()));
        batch.ended(line, result);
        rate.count(line.tasks());
        unsent.remove(line);
        // A worker may see that the time is over before this thread does.
        if (result instanceof LineResult.Dropped dropped) {
            batch.stop(dropped.reason());
        }
    }

    /** Calls off whatever is open of a batch that was stopped. */
    void cancel(RunningBatch batch, LineResult.Reason reason) {
        batch.open().stream().filter(OpenLine::beginCancelling).forEach(line -> cancel(batch, line, reason));
    }

    private void cancel(RunningBatch batch, OpenLine line, LineResult.Reason reason) {
        running.later(
                batch,
                Work.SHORT,
                () -> jobs.cancel(line.job(), reason.message()),
                record -> ended(batch, line, record),
                line::cancellingFailed);
    }

    /** Lines that have been open for long may have ended without anybody here hearing of it. */
    void askForEnds(RunningBatch batch, long now) {
        batch.open().stream()
                .filter(line -> now - line.since() >= LONG_OPEN.toNanos())
                .limit(ASKED_AT_ONCE)
                .filter(OpenLine::beginAsking)
                .forEach(line -> askForEnd(batch, line));
    }

    private void askForEnd(RunningBatch batch, OpenLine line) {
        running.later(
                batch,
                Work.SHORT,
                () -> jobs.ended(line.job()),
                end -> {
                    line.asked();
                    end.ifPresent(record -> ended(batch, line, record));
                },
                line::asked);
    }

    /** How many tasks end in a second. */
    double perSecond(long now) {
        return rate.perSecond(now);
    }

    /** Forgets everything. */
    void clear() {
        unsent.clear();
        rate = new RateMeter(RATE_MEMORY, System.nanoTime());
    }
}
