package dev.thunderhead.frontend.job;

import dev.thunderhead.job.Account;
import dev.thunderhead.job.JobId;
import dev.thunderhead.job.JobRecord;
import dev.thunderhead.job.Outcome;
import dev.thunderhead.job.TaskId;
import dev.thunderhead.storage.ObjectKeys;
import dev.thunderhead.storage.Outcomes;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds jobs: the open ones in memory, the ended ones in the store. It answers the same on every frontend, also a
 * millisecond after another one took the job. All verbs block. Thread-safe.
 */
public final class JobLookup {
    private static final Logger LOG = LoggerFactory.getLogger(JobLookup.class);

    /** How long a job may have been known to another frontend and not yet to this one. */
    private static final Duration RECENT = Duration.ofMinutes(1);

    private static final Duration CATCH_UP = Duration.ofSeconds(2);

    private final KnownJobs known;
    private final JobRecords records;
    private final Outcomes outcomes;
    private final ObjectKeys keys;
    private final Clock clock;

    public JobLookup(KnownJobs known, JobRecords records, Outcomes outcomes, ObjectKeys keys, Clock clock) {
        this.known = known;
        this.records = records;
        this.outcomes = outcomes;
        this.keys = keys;
        this.clock = clock;
    }

    /** The account's job of that id; empty when there is none, it is another account's, or it was deleted. */
    public Optional<FoundJob> find(Account account, JobId id) throws IOException {
        Optional<JobState> state = known.find(id);
        if (state.isEmpty()) {
            Optional<JobRecord> record = records.find(account, id);
            if (record.isPresent()) {
                return ended(record.get());
            }
            if (!isRecent(id)) {
                return Optional.empty();
            }
            catchUp(id);
            state = known.find(id);
        }
        Optional<JobState> own = state.filter(found -> found.account().equals(account));
        return own.isPresent() ? settled(own.get()) : Optional.empty();
    }

    /** Whether the account has, or had, a job of that id. */
    public boolean knows(Account account, JobId id) throws IOException {
        return records.find(account, id).isPresent() || find(account, id).isPresent();
    }

    /** An open job as it is in memory. Of one that has ended, or may have, the store has the last word. */
    private Optional<FoundJob> settled(JobState state) throws IOException {
        if (!state.isFinished() && !state.isUncertain()) {
            return Optional.of(new FoundJob.Open(state));
        }
        Optional<JobRecord> record = records.find(state.account(), state.id());
        return record.isPresent()
                ? ended(record.get())
                : Optional.of(FoundJob.of(state.isUncertain() ? completed(state) : state));
    }

    private static Optional<FoundJob> ended(JobRecord record) {
        return record instanceof JobRecord.Finished finished
                ? Optional.of(new FoundJob.Ended(finished))
                : Optional.empty();
    }

    private JobState completed(JobState state) throws IOException {
        List<JobState.TaskState> tasks = new ArrayList<>(state.tasks());
        for (int index = 0; index < tasks.size(); index++) {
            if (tasks.get(index) instanceof JobState.TaskState.Unknown) {
                Optional<Outcome> outcome = outcomes.find(keys.outcome(state.account(), new TaskId(state.id(), index)));
                tasks.set(
                        index,
                        outcome.isPresent()
                                ? new JobState.TaskState.Ended(
                                        outcome.get(), outcome.get().finishedAt())
                                : new JobState.TaskState.Queued());
            }
        }
        return new JobState(state.id(), state.account(), state.job(), tasks);
    }

    private boolean isRecent(JobId id) {
        Duration age = Duration.between(id.createdAt(), clock.instant()).abs();
        return age.compareTo(RECENT) < 0;
    }

    private void catchUp(JobId id) {
        try {
            known.caughtUp().get(CATCH_UP.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException problem) {
            LOG.warn("event=catch_up_failed job={} problem=\"{}\"", id, problem.toString());
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        }
    }
}
