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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private static final Duration LOOK = Duration.ofSeconds(5);
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
    private final OpeningQueue toOpen = new OpeningQueue();
    private final Map<OpenLine, RunningBatch> unsent = new LinkedHashMap<>();
    private final FeedOrder order = new FeedOrder();
    private RateMeter rate;
    private String epoch = "";
    private String feeder = "";
    private volatile int batchesRunning;
    private volatile int tasksOpen;
    private long careAt = System.nanoTime() - CARE.toNanos();
    private long lookAt = Long.MIN_VALUE;
    private long doubtAt = System.nanoTime();

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
        thread.post(() -> lookAt(name));
    }

    /** How many batches are being fed here. */
    public int batches() {
        return batchesRunning;
    }

    /** How many tasks of batches are in the bulk lane, as far as they were queued here. */
    public int openTasks() {
        return tasksOpen;
    }

    // Everything from here on runs on the feeder's thread, but what is handed to others by `later`.

    private void round() {
        Optional<String> chosen = lease.epoch();
        if (!epoch.equals(chosen.orElse(""))) {
            abandon();
            epoch = chosen.orElse("");
            // A name that nobody else has, not even this one before it forgot everything.
            feeder = epoch + "-" + thread.generation();
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
        batchesRunning = running.size();
        tasksOpen = running.values().stream().mapToInt(RunningBatch::openTasks).sum();
    }

    /** Forgets everything: another frontend feeds, or what is known here may be wrong. */
    private void abandon() {
        running.values().forEach(RunningBatch::drop);
        running.clear();
        batchesRunning = 0;
        tasksOpen = 0;
        toOpen.clear();
        unsent.clear();
        rate = new RateMeter(RATE_MEMORY, System.nanoTime());
        epoch = "";
        lookAt = Long.MIN_VALUE;
        thread.forget();
    }

    /** What needs no haste. */
    private void takeCare(long now) {
        if (lookAt == Long.MIN_VALUE || now - lookAt >= LOOK.toNanos()) {
            lookAt = now;
            thread.later(batches::open, names -> names.forEach(this::lookAt), problem -> {});
        }
        Map<OpenLine, RunningBatch> again = new LinkedHashMap<>(unsent);
        unsent.clear();
        again.forEach((line, batch) -> {
            // What was called off in between needs no queueing.
            if (batch.stopped().isEmpty()) {
                queue(batch, line);
            }
        });
        running.values().forEach(batch -> batch.stopped().ifPresent(reason -> cancelLines(batch, reason)));
        if (now - doubtAt >= DOUBT.toNanos()) {
            doubtAt = now;
            running.values().forEach(batch -> askForEnds(batch, now));
        }
        order.forgetAllBut(running.keySet().stream().map(Batches.Name::account).collect(Collectors.toSet()));
    }

    private void lookAt(Batches.Name name) {
        RunningBatch batch = running.get(name);
        if (batch != null) {
            refresh(batch);
        } else if (!epoch.isEmpty()) {
            toOpen.add(name);
            openMore();
        }
    }

    private void openMore() {
        for (Optional<Batches.Name> next = toOpen.next(); next.isPresent(); next = toOpen.next()) {
            open(next.get());
        }
    }

    private void open(Batches.Name name) {
        String as = feeder;
        Optional<String> chosen = Optional.of(epoch);
        thread.muchLater(
                () -> opening.open(
                        name, as, () -> lease.isFresh() && lease.epoch().equals(chosen)),
                opened -> {
                    opened.ifPresent(batch -> begin(name, batch));
                    openEnded(name);
                },
                problem -> openEnded(name));
    }

    private void openEnded(Batches.Name name) {
        toOpen.done(name);
        openMore();
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
        batch.expire(clock.instant());
        batch.source().nextPage().ifPresent(page -> load(batch, page));
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
        int inDoubt = batch.source().inDoubt();
        thread.later(
                () -> input.load(batch.name(), batch.plan(), page, batch.expiresAt(), done, inDoubt),
                lines -> loaded(batch, lines),
                problem -> batch.source().notRead());
    }

    private void loaded(RunningBatch batch, List<LoadedLine> lines) {
        List<LoadedLine> fresh = new ArrayList<>();
        for (LoadedLine line : lines) {
            if (line.content() instanceof Content.Refused refused) {
                LineJudge.Verdict.Refused verdict = refused.verdict();
                batch.ended(new LineResult.Refused(line.number(), line.customId(), verdict.status(), verdict.error()));
            } else if (line.content() instanceof Content.Ended ended) {
                OpenLine open = listen(batch, line, ended.job());
                ended(batch, open, ended.record());
            } else if (line.content() instanceof Content.Queued queued) {
                listen(batch, line, queued.job());
            } else {
                fresh.add(line);
            }
        }
        batch.source().read(fresh);
    }

    private OpenLine listen(RunningBatch batch, LoadedLine line, Job job) {
        OpenLine open = jobs.listen(line, job);
        if (!batch.opened(open)) {
            throw new IllegalStateException("a line was given out twice: " + job.id());
        }
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
            LoadedLine line = next.get().source().take();
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
        if (batch.isOpen(line)) {
            unsent.put(line, batch);
        }
    }

    private void ended(RunningBatch batch, OpenLine line, JobRecord.Finished record) {
        if (!batch.isOpen(line)) {
            return;
        }
        LineResult result = line.result(record, batch.stopped());
        batch.ended(line, result);
        rate.count(line.tasks());
        unsent.remove(line);
        // A worker may see that the time is over before this thread does.
        if (result instanceof LineResult.Dropped dropped) {
            batch.stop(dropped.reason());
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
        if (!late.isEmpty() && batch.beginAsking()) {
            thread.later(
                    () -> ends(late),
                    ends -> {
                        batch.asked();
                        ends.forEach((line, record) -> ended(batch, line, record));
                    },
                    problem -> batch.asked());
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
                    written.ifPresentOrElse(batch::noticed, () -> remove(batch));
                },
                problem -> batch.notCheckpointed());
    }

    /** It has ended, or another frontend has it. */
    private void remove(RunningBatch batch) {
        running.remove(batch.name());
        unsent.values().removeIf(batch::equals);
        batch.drop();
    }

    private void dropRest(RunningBatch batch) {
        BitSet done = batch.done();
        LineResult.Reason reason = batch.stopped().orElseThrow();
        thread.muchLater(
                () -> input.dropped(batch.name(), done, reason),
                dropped -> {
                    dropped.forEach(batch::ended);
                    batch.endDropping();
                },
                problem -> batch.endDropping());
    }

    private void end(RunningBatch batch, long now) {
        RunningBatch.Checkpoint last = batch.beginEnding(now);
        String as = feeder;
        thread.muchLater(
                () -> {
                    progress.finish(batch.name(), as, batch.log(), last);
                    return batch;
                },
                this::remove,
                problem -> batch.notEnded());
    }

    /** Stops; nothing is written any more. What is queued goes on. */
    @Override
    public void close() {
        thread.close();
    }
}
