package dev.thunderhead.frontend.batch;

import dev.thunderhead.frontend.batch.Batch.Feed;
import dev.thunderhead.frontend.batch.Batch.Segment;
import dev.thunderhead.job.Account;
import dev.thunderhead.job.JobId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A batch that is being fed: what is queued of it, and what has ended. Belongs to the feeder's thread. */
final class RunningBatch {
    private static final Duration RATE_MEMORY = Duration.ofSeconds(10);
    /** After so long without a result the rate is written anew. */
    private static final Duration QUIET = Duration.ofSeconds(10);
    /** By how much the clocks of others may be ahead. */
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(1);
    /** Slower than this is not at all: less than a hundred lines a day. */
    private static final double LEAST_RATE = 0.001;

    private final Batches.Name name;
    private final String feeder;
    private final Instant expiresAt;
    private final Plan plan;
    private final ResultLog log;
    private final LineSource source;
    private final BitSet done;
    private final int lines;
    private final RateMeter rate;
    private final Map<JobId, OpenLine> open = new LinkedHashMap<>();
    private List<LineResult> fresh = new ArrayList<>();
    private Tally tally;
    private int openTasks;
    private double writtenRate;
    private long writtenAt;
    private boolean writeOwed;
    private Activity activity = Activity.NONE;
    private boolean looking;
    private long lastFed;
    private Optional<LineResult.Reason> stopped = Optional.empty();

    /** What is being done about it on another thread, apart from reading its lines; one thing at a time. */
    private enum Activity {
        NONE,
        WRITING,
        DROPPING
    }

    /**
     * @param batch as it stands
     * @param now in nanoseconds
     */
    RunningBatch(Batch batch, Plan plan, ResultLog log, long now) {
        Feed feed = batch.feed();
        this.name = new Batches.Name(batch.account(), batch.id());
        this.feeder = feed.feeder();
        this.expiresAt = batch.order().expiresAt();
        this.plan = plan;
        this.log = log;
        this.done = feed.done().toBits();
        this.lines = feed.lines();
        this.source = new LineSource(plan, lines, done, feed.reserved());
        this.tally = feed.tally();
        this.rate = new RateMeter(RATE_MEMORY, now);
        this.writtenAt = now;
        noticed(batch);
    }

    Batches.Name name() {
        return name;
    }

    /** As whom its record is changed. */
    String feeder() {
        return feeder;
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

    LineSource source() {
        return source;
    }

    Instant expiresAt() {
        return expiresAt;
    }

    /** Its record is being read from now on; false when it is already. */
    boolean beginLooking() {
        boolean first = !looking;
        looking = true;
        return first;
    }

    void looked() {
        looking = false;
    }

    /** The record says this now. */
    void noticed(Batch batch) {
        if (batch.status() == BatchStatus.CANCELLING) {
            stop(LineResult.Reason.BATCH_CANCELLED);
        }
    }

    /** Queues nothing more, unless it was stopped before, or all of it has ended. */
    void stop(LineResult.Reason reason) {
        if (stopped.isEmpty() && !isComplete()) {
            stopped = Optional.of(reason);
            source.stop(plan);
        }
    }

    /** Stops it if its time is over. */
    void expire(Instant now) {
        if (!now.isBefore(expiresAt)) {
            stop(LineResult.Reason.BATCH_EXPIRED);
        }
    }

    /** Whether its time is over, or so nearly that it is for somebody else. */
    boolean isTimeOver(Instant now) {
        return !now.isBefore(expiresAt.minus(CLOCKS_DIFFER));
    }

    Optional<LineResult.Reason> stopped() {
        return stopped;
    }

    /** Bit {@code n} is line {@code n}. */
    BitSet done() {
        return (BitSet) done.clone();
    }

    void fed(long turn) {
        lastFed = turn;
    }

    long lastFed() {
        return lastFed;
    }

    /** A line is queued, or about to be; false when it is open already. */
    boolean opened(OpenLine line) {
        if (open.putIfAbsent(line.job().id(), line) != null) {
            return false;
        }
        openTasks += line.tasks();
        return true;
    }

    Collection<OpenLine> open() {
        return List.copyOf(open.values());
    }

    boolean isOpen(OpenLine line) {
        return line.equals(open.get(line.job().id()));
    }

    int openTasks() {
        return openTasks;
    }

    /** A line that was open has ended. */
    void ended(OpenLine line, LineResult result) {
        open.remove(line.job().id());
        openTasks -= line.tasks();
        line.awaited().close();
        rate.count(1);
        ended(result);
    }

    /** A line has its result; a second one changes nothing. */
    void ended(LineResult result) {
        if (done.get(result.line())) {
            return;
        }
        done.set(result.line());
        fresh.add(result);
        tally = tally.plus(result);
    }

    private boolean isComplete() {
        return done.cardinality() == lines;
    }

    /**
     * Whether the record should be written anew.
     *
     * @param period that lies between two, unless lines or the batch's end wait for it
     */
    boolean isCheckpointDue(long now, Duration period) {
        long since = now - writtenAt;
        boolean news = writeOwed || !fresh.isEmpty();
        return activity == Activity.NONE
                && ((source.needsReserve() && !writeOwed)
                        || (news && (since >= period.toNanos() || (isQuiet() && (isComplete() || stopped.isPresent()))))
                        || (writtenRate > 0 && since >= QUIET.toNanos()));
    }

    /** What a checkpoint writes. */
    record Checkpoint(List<LineResult> fresh, BitSet done, Tally tally, int reserved, double perSecond) {
        Checkpoint {
            fresh = List.copyOf(fresh);
        }

        /** The feed as the record shall tell it. */
        Feed applied(Feed stands, List<Segment> segments) {
            return new Feed(
                    stands.feeder(),
                    stands.lines(),
                    stands.total(),
                    stands.model(),
                    tally,
                    reserved,
                    LineSet.of(done),
                    segments,
                    perSecond > 0 ? Optional.of(perSecond) : Optional.empty());
        }
    }

    /** What to write; the results are handed over with it, for good. */
    Checkpoint beginCheckpoint(long now) {
        activity = Activity.WRITING;
        writtenAt = now;
        writtenRate = rate.perSecond(now) < LEAST_RATE ? 0 : rate.perSecond(now);
        Checkpoint checkpoint = new Checkpoint(fresh, done(), tally, source.reserve(writtenRate), writtenRate);
        fresh = new ArrayList<>();
        return checkpoint;
    }

    /** It is written. */
    void checkpointed(Checkpoint checkpoint) {
        activity = Activity.NONE;
        writeOwed = false;
        source.reserved(checkpoint.reserved());
    }

    /** It is not written; the next one writes its results as well. */
    void notCheckpointed() {
        activity = Activity.NONE;
        writeOwed = true;
    }

    private boolean isQuiet() {
        return activity == Activity.NONE && open.isEmpty() && source.isEmpty();
    }

    /**
     * Whether it was stopped, and lines are left that will never be queued; some count as being dropped from now on. Those
     * that were dropped before are written down first, so that few are in memory.
     */
    boolean beginDropping() {
        boolean begins = isQuiet() && isWritten() && stopped.isPresent() && !isComplete();
        if (begins) {
            activity = Activity.DROPPING;
        }
        return begins;
    }

    /** Those lines have been dropped; others may be left. */
    void dropped(List<LineResult> some) {
        some.forEach(this::ended);
        activity = Activity.NONE;
        if (some.isEmpty()) {
            throw new IllegalStateException("lines are missing in the copy of the input");
        }
    }

    /** They could not be dropped. */
    void notDropped() {
        activity = Activity.NONE;
    }

    /** Whether all its lines have ended, and its record says so. */
    boolean isOver() {
        return isQuiet() && isComplete() && isWritten();
    }

    private boolean isWritten() {
        return fresh.isEmpty() && !writeOwed;
    }

    /** Stops listening. */
    void drop() {
        open.values().forEach(line -> line.awaited().close());
        open.clear();
    }
}
