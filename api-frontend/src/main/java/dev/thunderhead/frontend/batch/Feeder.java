package dev.thunderhead.frontend.batch;

import dev.thunderhead.frontend.batch.BatchOpening.Opened;
import dev.thunderhead.frontend.batch.FeederThread.Work;
import dev.thunderhead.frontend.batch.LoadedLine.Content;
import dev.thunderhead.health.Readiness;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
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
    private static final Duration ASK_FOR_ENDS = Duration.ofSeconds(5);

    private final Batches batches;
    private final BatchOpening opening;
    private final BatchInput input;
    private final BatchProgress progress;
    private final FeederLease lease;
    private final IntSupplier runningTasks;
    private final Clock clock;
    private final FeederThread thread;

    private final RunningBatches running;
    private final BatchTurns toOpen = new BatchTurns();
    private final Endings endings;
    private final OpenLines lines;
    private final FeedOrder order = new FeedOrder();
    private String epoch = "";
    private long openings;
    private boolean looking;
    private volatile int batchesRunning;
    private volatile int tasksOpen;
    private long careAt = System.nanoTime() - CARE.toNanos();
    private long lookAt = Long.MIN_VALUE;
    private long askAt = System.nanoTime();

    /** What a feeder works with. */
    record Parts(
            Batches batches,
            BatchOpening opening,
            BatchInput input,
            BatchProgress progress,
            BatchEnding ending,
            LineJobs jobs) {}

    /** @param runningTasks how many tasks of the bulk lane a worker has begun */
    Feeder(Parts parts, FeederLease lease, IntSupplier runningTasks, Clock clock, Readiness readiness) {
        this.batches = parts.batches();
        this.opening = parts.opening();
        this.input = parts.input();
        this.progress = parts.progress();
        this.lease = lease;
        this.runningTasks = runningTasks;
        this.clock = clock;
        this.thread = new FeederThread(this::round, this::abandon, readiness);
        this.running = new RunningBatches(thread);
        this.endings = new Endings(thread, parts.ending());
        this.lines = new OpenLines(thread, running, parts.jobs(), lease, clock);
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
        running.forEach(batch -> advance(batch, now));
        feed(now);
        batchesRunning = running.all().size();
        tasksOpen = running.openTasks();
    }

    /** Forgets everything: another frontend feeds, or what is known here may be wrong. */
    private void abandon() {
        running.clear();
        batchesRunning = 0;
        tasksOpen = 0;
        toOpen.clear();
        endings.clear();
        lines.clear();
        epoch = "";
        lookAt = Long.MIN_VALUE;
        looking = false;
        thread.forget();
    }

    /** What needs no haste. */
    private void takeCare(long now) {
        if (!looking && (lookAt == Long.MIN_VALUE || now - lookAt >= LOOK.toNanos())) {
            lookAt = now;
            looking = true;
            thread.later(Work.SHORT, batches::open, this::looked, failure -> looked(List.of()));
        }
        lines.sendAgain();
        running.forEach(batch -> batch.stopped().ifPresent(reason -> lines.cancel(batch, reason)));
        if (now - askAt >= ASK_FOR_ENDS.toNanos()) {
            askAt = now;
            running.forEach(batch -> lines.askForEnds(batch, now));
        }
        order.forgetAllBut(running.all().stream().map(RunningBatch::account).collect(Collectors.toSet()));
    }

    private void looked(List<Batches.Name> found) {
        looking = false;
        found.forEach(this::lookAt);
    }

    private void lookAt(Batches.Name name) {
        Optional<RunningBatch> batch = running.find(name);
        if (batch.isPresent()) {
            refresh(batch.get());
        } else if (!epoch.isEmpty() && !endings.contains(name)) {
            toOpen.add(name, () -> open(name));
        }
    }

    private void open(Batches.Name name) {
        // A name that nobody else has, not even this one when it had the batch before.
        String as = epoch + "-" + ++openings;
        Optional<String> chosen = Optional.of(epoch);
        thread.later(
                Work.READING,
                () -> opening.open(
                        name, as, () -> lease.isFresh() && lease.epoch().equals(chosen)),
                opened -> {
                    opened(name, as, opened);
                    toOpen.done(name);
                },
                failure -> toOpen.done(name));
    }

    private void opened(Batches.Name name, String as, Opened opened) {
        if (opened instanceof Opened.Running taken) {
            running.add(taken.batch());
        } else if (opened instanceof Opened.Over) {
            endings.add(name, as);
        }
    }

    private void refresh(RunningBatch batch) {
        Batches.Name name = batch.name();
        if (batch.beginLooking()) {
            running.later(
                    batch,
                    Work.SHORT,
                    () -> batches.find(name.account(), name.id()),
                    found -> {
                        batch.looked();
                        found.ifPresent(batch::noticed);
                    },
                    batch::looked);
        }
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
            running.remove(batch);
            endings.add(batch.name(), batch.feeder());
        }
    }

    private void load(RunningBatch batch, int number) {
        BitSet done = batch.done();
        int inDoubt = batch.source().inDoubt();
        running.later(
                batch,
                Work.SHORT,
                () -> input.load(batch.name(), batch.plan(), number, batch.expiresAt(), done, inDoubt),
                page -> page.ifPresentOrElse(lines -> loaded(batch, lines), () -> inputMissing(batch)),
                batch.source()::notRead);
    }

    /** Whoever takes it over finds out what can be done about that; the next look does. */
    private void inputMissing(RunningBatch batch) {
        LOG.warn("event=batch_input_missing batch={}", batch.name());
        running.remove(batch);
    }

    private void loaded(RunningBatch batch, List<LoadedLine> page) {
        List<LoadedLine> fresh = new ArrayList<>();
        for (LoadedLine line : page) {
            if (line.content() instanceof Content.Refused refused) {
                LineJudge.Verdict.Refused verdict = refused.verdict();
                batch.ended(new LineResult.Refused(line.number(), line.customId(), verdict.status(), verdict.error()));
            } else if (line.content() instanceof Content.Ended ended) {
                lines.ended(batch, line, ended.job(), ended.record());
            } else if (line.content() instanceof Content.Queued queued) {
                lines.open(batch, line, queued.job());
            } else {
                fresh.add(line);
            }
        }
        batch.source().read(fresh);
    }

    private void feed(long now) {
        int room = FeedWindow.room(running.openTasks(), runningTasks.getAsInt(), lines.perSecond(now));
        // What could not be sent goes first.
        while (room > 0 && lines.isSent()) {
            Optional<RunningBatch> next = order.next(running.all());
            if (next.isEmpty()) {
                return;
            }
            RunningBatch batch = next.get();
            order.fed(batch);
            LoadedLine line = batch.source().take();
            LineJob job = ((Content.Fresh) line.content()).job();
            running.about(batch, () -> lines.open(batch, line, job));
            room -= job.count();
        }
    }

    private void checkpoint(RunningBatch batch, long now) {
        RunningBatch.Checkpoint checkpoint = batch.beginCheckpoint(now);
        running.later(
                batch,
                Work.SHORT,
                () -> progress.write(batch.name(), batch.feeder(), batch.log(), checkpoint),
                written -> {
                    batch.checkpointed(checkpoint);
                    written.ifPresentOrElse(batch::noticed, () -> running.remove(batch));
                },
                batch::notCheckpointed);
    }

    private void dropRest(RunningBatch batch) {
        BitSet done = batch.done();
        LineResult.Reason reason = batch.stopped().orElseThrow();
        running.later(
                batch,
                Work.SHORT,
                () -> input.dropped(batch.name(), batch.plan(), done, reason),
                rest -> rest.ifPresentOrElse(batch::dropped, () -> inputMissing(batch)),
                batch::notDropped);
    }

    /** Stops; nothing is written any more. What is queued goes on. */
    @Override
    public void close() {
        thread.close();
    }
}
