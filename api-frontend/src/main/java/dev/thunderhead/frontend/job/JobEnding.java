package dev.thunderhead.frontend.job;

import dev.thunderhead.job.Account;
import dev.thunderhead.job.JobId;
import dev.thunderhead.job.Outcome;
import dev.thunderhead.job.TaskId;
import dev.thunderhead.storage.ObjectKeys;
import dev.thunderhead.storage.Outcomes;
import dev.thunderhead.storage.RecordStore;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends jobs before their time, and their keeping, at their owner's will. All verbs block. Thread-safe. */
public final class JobEnding {
    private static final Logger LOG = LoggerFactory.getLogger(JobEnding.class);
    private static final Duration NEWS = Duration.ofSeconds(2);

    private final KnownJobs known;
    private final JobLookup lookup;
    private final JobCanceller canceller;
    private final JobRecords records;
    private final RecordStore store;
    private final ObjectKeys keys;
    private final Clock clock;
    private final RandomGenerator random;

    public JobEnding(
            KnownJobs known,
            JobLookup lookup,
            JobCanceller canceller,
            JobRecords records,
            RecordStore store,
            ObjectKeys keys,
            Clock clock,
            RandomGenerator random) {
        this.known = known;
        this.lookup = lookup;
        this.canceller = canceller;
        this.records = records;
        this.store = store;
        this.keys = keys;
        this.clock = clock;
        this.random = random;
    }

    /**
     * Calls the account's job off.
     *
     * @return the job as it has ended: cancelled, unless its end came first; empty when there is no such job
     */
    public Optional<FoundJob.Ended> cancel(Account account, JobId id, @Nullable String traceparent) throws IOException {
        Optional<FoundJob> job = lookup.find(account, id);
        return job.isEmpty() ? Optional.empty() : Optional.of(ended(job.get(), traceparent));
    }

    private FoundJob.Ended ended(FoundJob job, @Nullable String traceparent) throws IOException {
        if (job instanceof FoundJob.Ended ended) {
            return ended;
        }
        TraceContext trace = TraceContext.continueOrStart(traceparent, random);
        JobCanceller.CalledOff calledOff =
                canceller.cancel(job.id(), job.account(), job.job(), "the job was cancelled by its owner", trace);
        awaitNews(job.id(), canceller.tell(calledOff));
        return new FoundJob.Ended(calledOff.record());
    }

    // So that who asks next is not told that the job is still open.
    private void awaitNews(JobId job, CompletableFuture<Void> told) {
        try {
            told.thenCompose(done -> known.caughtUp()).get(NEWS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException problem) {
            LOG.warn("event=cancellation_untold job={} problem=\"{}\"", job, problem.toString());
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Deletes the account's job and its pictures, after calling it off if need be. Tombstones stay in their places, so
     * that no late worker or event brings anything back.
     *
     * @return false when there is no such job
     */
    public boolean delete(Account account, JobId id, @Nullable String traceparent) throws IOException {
        Optional<FoundJob> job = lookup.find(account, id);
        if (job.isEmpty()) {
            return false;
        }
        int count = ended(job.get(), traceparent).job().count();
        Instant now = clock.instant();
        // The record last: until it is gone the owner can ask again for what a crash has left.
        for (int index = 0; index < count; index++) {
            Outcomes.erase(
                    store,
                    keys.outcome(account, new TaskId(id, index)),
                    new Outcome.Cancelled("the job was deleted by its owner", now));
        }
        records.delete(account, id, now);
        return true;
    }
}
