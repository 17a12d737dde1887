package dev.thunderhead.frontend.batch;

import dev.thunderhead.frontend.batch.BatchOpening.Opened;
import dev.thunderhead.frontend.batch.LoadedLine.Content;
import dev.thunderhead.frontend.job.Job;
import dev.thunderhead.health.Readiness;
import dev.thunderhead.job.JobRecord;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feeds batches to the workers, on the one frontend that is chosen for it. One thread decides everything and never waits
 * for the store; what has to is done by others, who report back. What stands in the store tells enough that another
 * frontend can go on at any moment: nothing here is lost when this one dies.
 *
 * <p>Thread-safe: {@link #look} may be called from any thread.
 */
public final class Feeder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Feeder.class);
    private static final Duration CHECKPOINT = Duration.ofSeconds(1);
    private static final Duration CARE = Duration.ofMillis(500);
    private static final Duration LOOK = Duration.ofSeconds(10);
    private static final Duration DOUBT = Duration.ofSeconds(5);
    private static final Duration RATE_MEMORY = Duration.ofSeconds(2);
    private static final int ASKED_AT_ONCE = 64;

    private final Batches batches;
    private final BatchOpening opening;
    private final BatchInput input;
    private final BatchProgress progress;
    private final LineJobs jobs;
    private final FeederLease lease;
    private final IntSupplier runningTasks;
    private final Clock clock;
    private final FeederThread thread;

    private final Map<Batches.Name, RunningBatch> running = new LinkedHashMap<>();
    private final Set<Batches.Name> beingOpened = new HashSet<>();
    private final Map<OpenLine, RunningBatch> unsent = new LinkedHashMap<>();
    private final FeedOrder order = new FeedOrder();
    private RateMeter rate;
    private String epoch = "";
    private String feeder = "";
    private long careAt;
    private long lookAt;
    private long doubtAt;

    /** What a feeder works with. */
    record Parts(Batches batches, BatchOpening opening, BatchInput input, BatchProgress progress, LineJobs jobs) {}

    /** @param runningTasks how many tasks of the bulk lane a worker has begun */
    Feeder(Parts parts, FeederLease lease, IntSupplier runningTasks, Clock clock, Readiness readiness) {
        this.batches = parts.batches();
        this.opening = parts.opening();
        this.input = parts.input();
        this.progress = parts.progress();
        this.jobs = parts.jobs();
        this.lease = lease;
        this.runningTasks = runningTasks;
        this.clock = clock;
        this.rate = new RateMeter(RATE_MEMORY, System.nanoTime());
        this.thread = new FeederThread(this::round, this::abandon, readiness);
    }

    public void start() {
        thread.start();
    }

    /** There is something new about a batch. */
    public void look(Batches.Name name) {
        thread.post(() -> {
            RunningBatch batch = running.get(name);
            if (batch == null) {
                open(name);
            } else {
                refresh(batch);
            }
        });
    }

    // Everything from here on runs on the feeder's thread, but what is handed to others by `later`.

    private void round() {
        Optional<String> chosen = lease.epoch();
        if (!epoch.equals(chosen.orElse(""))) {
            abandon();
            epoch = chosen.orElse("");
            // A name that nobody else has, not even this one before it forgot everything.
            feeder = epoch + "-" + thread.generation();
            lookAt = 0;
            LOG.info("event=feeder chosen={}", chosen.isPresent());
        }
        if (epoch.isEmpty() || !lease.isFresh()) {
            return;
        }
        long now = System.nanoTime();
        if (now - careAt >= CARE.toNanos()) {
            careAt = now;
            takeCare(now);
        }
        List.copyOf(running.values()).forEach(batch -> advance(batch, now));
        feed(now);
    }

    /** Forgets everything: another frontend feeds, or what is known here may be wrong. */
    private void abandon() {
        running.values().forEach(RunningBatch::drop);
        running.clear();
        beingOpened.clear();
        unsent.clear();
        rate = new RateMeter(RATE_MEMORY, System.nanoTime());
        epoch = "";
        thread.forget();
    }

    /** What needs no haste. */
    private void takeCare(long now) {
        if (lookAt == 0 || now - lookAt >= LOOK.toNanos()) {
            lookAt = now;
            thread.later(batches::open, names -> names.forEach(this::look), problem -> lookAt = 0);
        }
        Map<OpenLine, RunningBatch> again = Map.copyOf(unsent);
        unsent.clear();
        again.forEach((line, batch) -> queue(batch, line));
        for (RunningBatch batch : running.values()) {
            if (!clock.instant().isBefore(batch.expiresAt())) {
                batch.stop(LineResult.Reason.BATCH_EXPIRED);
            }
            batch.stopped().ifPresent(reason -> cancelLines(batch, reason));
        }
        if (now - doubtAt >= DOUBT.toNanos()) {
            doubtAt = now;
            running.values().forEach(batch -> askForEnds(batch, now));
        }
        order.forgetAllBut(running.keySet().stream().map(Batches.Name::account).collect(Collectors.toSet()));
    }

    private void open(Batches.Name name) {
        if (epoch.isEmpty() || running.containsKey(name) || !beingOpened.add(name)) {
            return;
        }
        String as = feeder;
        thread.muchLater(
                () -> opening.open(name, as),
                opened -> {
                    beingOpened.remove(name);
                    opened.ifPresent(batch -> begin(name, batch));
                },
                problem -> beingOpened.remove(name));
    }

    private void begin(Batches.Name name, Opened opened) {
        running.put(name, new RunningBatch(opened.batch(), opened.plan(), opened.log(), System.nanoTime()));
    }

    private void refresh(RunningBatch batch) {
        Batches.Name name = batch.name();
        thread.later(
                () -> batches.find(name.account(), name.id()), found -> found.ifPresent(batch::noticed), problem -> {});
    }

    /** Whatever is due about a batch, but queueing its lines. */
    private void advance(RunningBatch batch, long now) {
        batch.nextPage().ifPresent(page -> load(batch, page));
        if (batch.isCheckpointDue(now, CHECKPOINT)) {
            checkpoint(batch, now);
        }
        if (batch.beginDropping()) {
            dropRest(batch);
        }
        if (batch.isOver()) {
            end(batch, now);
        }
    }

    private void load(RunningBatch batch, int page) {
        BitSet done = batch.done();
        thread.later(
                () -> input.load(batch.name(), batch.plan(), page, batch.expiresAt(), done, batch.inDoubt()),
                lines -> loaded(batch, lines),
                problem -> batch.notLoaded());
    }

    private void loaded(RunningBatch batch, List<LoadedLine> lines) {
        List<LoadedLine> fresh = new ArrayList<>();
        for (LoadedLine line : lines) {
            if (line.content() instanceof Content.Refused refused) {
                LineJudge.Verdict.Refused verdict = refused.verdict();
                batch.ended(new LineResult.Refused(line.number(), line.customId(), verdict.status(), verdict.error()));
            } else if (line.content() instanceof Content.Ended ended) {
                ended(batch, listen(batch, line, ended.job()), ended.record());
            } else if (line.content() instanceof Content.Queued queued) {
                listen(batch, line, queued.job());
            } else {
                fresh.add(line);
            }
        }
        batch.loaded(fresh);
    }

    private OpenLine listen(RunningBatch batch, LoadedLine line, Job job) {
        OpenLine open = jobs.listen(line, job);
        batch.opened(open);
        CompletableFuture<Void> unused =
                open.awaited().end().thenAccept(state -> thread.post(() -> ended(batch, open, state.record())));
        return open;
    }

    private void feed(long now) {
        int tasks = running.values().stream().mapToInt(RunningBatch::openTasks).sum();
        int room = FeedWindow.room(tasks, runningTasks.getAsInt(), rate.perSecond(now));
        // What could not be sent goes first.
        while (room > 0 && unsent.isEmpty()) {
            Optional<RunningBatch> next = order.next(running.values());
            if (next.isEmpty()) {
                return;
            }
            order.fed(next.get());
            LoadedLine line = next.get().take();
            OpenLine open = listen(next.get(), line, ((Content.Fresh) line.content()).job());
            queue(next.get(), open);
            room -= open.tasks();
        }
    }

    private void queue(RunningBatch batch, OpenLine line) {
        CompletableFuture<Void> unused = jobs.queue(line).exceptionally(problem -> {
            LOG.warn("event=line_not_queued job={} problem=\"{}\"", line.job().id(), problem.toString());
            thread.post(() -> unsent(batch, line));
            return null;
        });
    }

    private void unsent(RunningBatch batch, OpenLine line) {
        if (batch.openLine(line.job().id()).isPresent()) {
            unsent.put(line, batch);
        }
    }

    private void ended(RunningBatch batch, OpenLine line, JobRecord.Finished record) {
        if (batch.openLine(line.job().id()).isPresent()) {
            batch.ended(line.result(record, batch.stopped()));
            batch.closed(line);
            rate.count(line.tasks());
            unsent.remove(line);
        }
    }

    private void cancelLines(RunningBatch batch, LineResult.Reason reason) {
        for (OpenLine line : batch.open()) {
            if (line.beginCancelling()) {
                thread.later(
                        () -> jobs.cancel(line, reason),
                        record -> ended(batch, line, record),
                        problem -> line.cancellingFailed());
            }
        }
    }

    /** Lines that have been open for long may have ended without anybody here hearing of it. */
    private void askForEnds(RunningBatch batch, long now) {
        List<OpenLine> late = batch.open().stream()
                .filter(line -> now - line.since() >= DOUBT.toNanos())
                .limit(ASKED_AT_ONCE)
                .toList();
        if (!late.isEmpty()) {
            thread.later(
                    () -> ends(late),
                    ends -> ends.forEach((line, record) -> ended(batch, line, record)),
                    problem -> {});
        }
    }

    private Map<OpenLine, JobRecord.Finished> ends(List<OpenLine> lines) throws IOException {
        Map<OpenLine, JobRecord.Finished> ends = new LinkedHashMap<>();
        for (OpenLine line : lines) {
            jobs.ended(line.job()).ifPresent(record -> ends.put(line, record));
        }
        return ends;
    }

    private void checkpoint(RunningBatch batch, long now) {
        RunningBatch.Checkpoint checkpoint = batch.beginCheckpoint(now);
        String as = feeder;
        thread.later(
                () -> progress.write(batch.name(), as, batch.log(), checkpoint),
                written -> {
                    batch.checkpointed(checkpoint);
                    written.ifPresentOrElse(batch::noticed, () -> lost(batch));
                },
                problem -> batch.notCheckpointed());
    }

    private void lost(RunningBatch batch) {
        LOG.warn("event=batch_lost batch={}", batch.name());
        running.remove(batch.name());
        batch.drop();
    }

    private void dropRest(RunningBatch batch) {
        BitSet done = batch.done();
        LineResult.Reason reason = batch.stopped().orElseThrow();
        thread.muchLater(
                () -> input.dropped(batch.name(), done, reason),
                dropped -> {
                    dropped.forEach(batch::ended);
                    batch.loaded(List.of());
                },
                problem -> batch.notLoaded());
    }

    private void end(RunningBatch batch, long now) {
        RunningBatch.Checkpoint last = batch.beginCheckpoint(now);
        batch.beginEnding();
        String as = feeder;
        thread.muchLater(
                () -> {
                    progress.finish(batch.name(), as, batch.log(), last, batch.end());
                    return batch;
                },
                ended -> running.remove(batch.name()),
                problem -> batch.endingFailed());
    }

    /** Stops; nothing is written any more. What is queued goes on. */
    @Override
    public void close() {
        thread.close();
    }
}
