package dev.thunderhead.frontend.batch;

import dev.thunderhead.frontend.batch.Batch.Feed;
import dev.thunderhead.frontend.batch.Batch.Segment;
import dev.thunderhead.job.Account;
import dev.thunderhead.job.JobId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A batch that is being fed: what is queued of it, and what has ended. Belongs to the feeder's thread. */
final class RunningBatch {
    /** How many lines may be queued before the record has to say so again. */
    private static final int LEAST_RESERVE = 256;

    private static final int LOADED = 64;
    private static final Duration RATE_MEMORY = Duration.ofSeconds(10);
    private static final double RESERVE_SECONDS = 2;

    private final Batches.Name name;
    private final Instant expiresAt;
    private final Plan plan;
    private final ResultLog log;
    private final BitSet done;
    private final int lines;
    private final int inDoubt;
    private final RateMeter rate;
    private final Map<JobId, OpenLine> open = new LinkedHashMap<>();
    private final Deque<LoadedLine> ready = new ArrayDeque<>();
    private List<LineResult> fresh = new ArrayList<>();
    private int completed;
    private int failed;
    private int openTasks;
    private int nextPage;
    private int reserved;
    private int furthest;
    private boolean loading;
    private boolean checkpointing;
    private boolean checkpointOwed;
    private boolean ending;
    private long checkpointAt;
    private long lastFed;
    private Optional<LineResult.Reason> stopped = Optional.empty();

    /**
     * @param batch as it stands
     * @param now in nanoseconds
     */
    RunningBatch(Batch batch, Plan plan, ResultLog log, long now) {
        Feed feed = batch.feed();
        this.name = new Batches.Name(batch.account(), batch.id());
        this.expiresAt = batch.order().expiresAt();
        this.plan = plan;
        this.log = log;
        this.done = feed.done().toBits();
        this.lines = feed.lines();
        this.inDoubt = feed.reserved();
        this.reserved = feed.reserved();
        this.completed = feed.completed();
        this.failed = feed.failed();
        this.rate = new RateMeter(RATE_MEMORY, now);
        this.checkpointAt = now;
        noticed(batch);
    }

    Batches.Name name() {
        return name;
    }

    Account account() {
        return name.account();
    }

    Plan plan() {
        return plan;
    }

    ResultLog log() {
        return log;
    }

    /** The record says this now. */
    void noticed(Batch batch) {
        if (batch.status() == BatchStatus.CANCELLING) {
            stop(LineResult.Reason.BATCH_CANCELLED);
        }
    }

    /** Queues nothing more, unless it was stopped before. */
    void stop(LineResult.Reason reason) {
        if (stopped.isEmpty()) {
            stopped = Optional.of(reason);
            ready.clear();
            nextPage = plan.pages().size();
        }
    }

    Optional<LineResult.Reason> stopped() {
        return stopped;
    }

    Instant expiresAt() {
        return expiresAt;
    }

    /** The page to read next, if it is time to read one; it counts as being read from now on. */
    Optional<Integer> nextPage() {
        if (loading || ready.size() >= LOADED || nextPage >= plan.pages().size()) {
            return Optional.empty();
        }
        loading = true;
        return Optional.of(nextPage++);
    }

    /** Lines up to this one may have been queued by an earlier feeder. */
    int inDoubt() {
        return inDoubt;
    }

    BitSet done() {
        return (BitSet) done.clone();
    }

    boolean isDone(int line) {
        return done.get(line);
    }

    /** A page has been read; those of its lines that are to be queued. */
    void loaded(Collection<LoadedLine> toQueue) {
        loading = false;
        if (stopped.isEmpty()) {
            ready.addAll(toQueue);
        }
    }

    /** It could not be read. */
    void notLoaded() {
        loading = false;
        if (stopped.isEmpty()) {
            nextPage--;
        }
    }

    /** Whether a line of it can be queued now. */
    boolean isReady() {
        return !ready.isEmpty() && ready.element().number() <= reserved;
    }

    /** The line to queue next. */
    LoadedLine take() {
        LoadedLine line = ready.remove();
        furthest = Math.max(furthest, line.number());
        return line;
    }

    void fed(long turn) {
        lastFed = turn;
    }

    long lastFed() {
        return lastFed;
    }

    void opened(OpenLine line) {
        open.put(line.job().id(), line);
        openTasks += line.tasks();
    }

    Collection<OpenLine> open() {
        return open.values();
    }

    Optional<OpenLine> openLine(JobId job) {
        return Optional.ofNullable(open.get(job));
    }

    int openTasks() {
        return openTasks;
    }

    /** A line has ended; more often changes nothing. */
    void ended(LineResult result) {
        if (done.get(result.line())) {
            return;
        }
        done.set(result.line());
        fresh.add(result);
        rate.count(1);
        if (result.isCompleted()) {
            completed++;
        } else if (!(result instanceof LineResult.Dropped)) {
            failed++;
        }
    }

    void closed(OpenLine line) {
        if (open.remove(line.job().id()) != null) {
            openTasks -= line.tasks();
            line.awaited().close();
        }
    }

    /**
     * Whether the record should be written anew.
     *
     * @param period that lies between two, unless lines wait for it
     */
    boolean isCheckpointDue(long now, Duration period) {
        boolean waits = !ready.isEmpty() && ready.element().number() + LEAST_RESERVE / 2 > reserved;
        return !checkpointing
                && !ending
                && (waits || ((checkpointOwed || !fresh.isEmpty()) && now - checkpointAt >= period.toNanos()));
    }

    /** What a checkpoint writes. */
    record Checkpoint(List<LineResult> fresh, BitSet done, int completed, int failed, int reserved, double perSecond) {
        Checkpoint {
            fresh = List.copyOf(fresh);
        }

        /** The feed as the record shall tell it. */
        Feed applied(Feed stands, List<Segment> segments) {
            return new Feed(
                    stands.feeder(),
                    stands.lines(),
                    stands.total(),
                    completed,
                    failed,
                    reserved,
                    LineSet.of(done),
                    segments,
                    perSecond > 0 ? Optional.of(perSecond) : Optional.empty());
        }
    }

    /** What to write; the results are handed over with it, for good. */
    Checkpoint beginCheckpoint(long now) {
        checkpointing = true;
        checkpointAt = now;
        double perSecond = rate.perSecond(now);
        int next =
                ready.isEmpty() ? furthest : Math.max(furthest, ready.element().number());
        int reserve = Math.max(LEAST_RESERVE, (int) (perSecond * RESERVE_SECONDS));
        Checkpoint checkpoint = new Checkpoint(
                fresh, done(), completed, failed, Math.max(reserved, Math.min(lines, next + reserve)), perSecond);
        fresh = new ArrayList<>();
        return checkpoint;
    }

    /** It is written. */
    void checkpointed(Checkpoint checkpoint) {
        checkpointing = false;
        checkpointOwed = false;
        reserved = checkpoint.reserved();
    }

    /** It is not written; the next one writes its results as well. */
    void notCheckpointed() {
        checkpointing = false;
        checkpointOwed = true;
    }

    /** Whether nothing of it is under way. */
    private boolean isQuiet() {
        return !ending && !checkpointing && !loading && open.isEmpty();
    }

    /** Whether all its lines have ended. */
    boolean isOver() {
        return isQuiet() && done.cardinality() == lines;
    }

    /** Whether it was stopped, and lines are left that will never be queued; they count as being read from now on. */
    boolean beginDropping() {
        loading = isQuiet() && stopped.isPresent() && done.cardinality() < lines;
        return loading;
    }

    /** What it comes to. */
    BatchStatus end() {
        return stopped.map(LineResult.Reason::end).orElse(BatchStatus.COMPLETED);
    }

    /** Its end is being written. */
    void beginEnding() {
        ending = true;
    }

    /** Its end could not be written. */
    void endingFailed() {
        ending = false;
        checkpointing = false;
    }

    /** Stops listening. */
    void drop() {
        open.values().forEach(line -> line.awaited().close());
        open.clear();
    }
}
