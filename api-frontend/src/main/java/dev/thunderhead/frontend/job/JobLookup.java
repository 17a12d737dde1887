package dev.thunderhead.frontend.job;

import dev.thunderhead.frontend.error.ApiError;
import dev.thunderhead.job.Account;
import dev.thunderhead.job.JobId;
import dev.thunderhead.job.JobRecord;
import dev.thunderhead.job.Outcome;
import dev.thunderhead.job.TaskId;
import dev.thunderhead.storage.ObjectKeys;
import dev.thunderhead.storage.Outcomes;
import java.io.IOException;
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

    private static final Duration SOON = Duration.ofSeconds(2);
    private static final Duration CATCH_UP = Duration.ofSeconds(2);

    private final KnownJobs known;
    private final JobRecords records;
    private final Outcomes outcomes;
    private final ObjectKeys keys;

    public JobLookup(KnownJobs known, JobRecords records, Outcomes outcomes, ObjectKeys keys) {
        this.known = known;
        this.records = records;
        this.outcomes = outcomes;
        this.keys = keys;
    }

    /**
     * The account's job of that id; empty when there is none, it is another account's, or it was deleted.
     *
     * @throws ApiException when the journal cannot be asked, so that nobody knows whether there is one
     */
    public Optional<FoundJob> find(Account account, JobId id) throws IOException {
        Optional<JobState> state = known.find(id);
        if (state.isEmpty()) {
            Optional<JobRecord> record = records.find(account, id);
            if (record.isPresent()) {
                return ended(record.get());
            }
            // Another frontend may have queued it a moment ago.
            catchUp();
            state = known.find(id);
        }
        Optional<JobState> own = state.filter(found -> found.account().equals(account));
        return own.isPresent() ? settled(own.get()) : Optional.empty();
    }

    /** Whether all of the account's job is in the journal, or was: nothing of it has to be queued any more. */
    public boolean isQueued(Account account, JobId id) throws IOException {
        if (records.find(account, id).isPresent()) {
            return true;
        }
        if (known.find(id).isEmpty()) {
            catchUp();
        }
        Optional<JobState> state = known.find(id);
        return state.isPresent() && !completed(state.get()).isUncertain();
    }

    /** Whether some task of the job has ended. */
    public boolean hasOutcome(Account account, JobId id) throws IOException {
        return outcomes.anyOf(account, id);
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

    /** The state with what the store knows of tasks that nobody here has heard of. */
    private JobState completed(JobState state) throws IOException {
        List<JobState.TaskState> tasks = new ArrayList<>(state.tasks());
        for (int index = 0; index < tasks.size(); index++) {
            if (tasks.get(index) instanceof JobState.TaskState.Unknown) {
                Optional<Outcome> outcome = outcomes.find(keys.outcome(state.account(), new TaskId(state.id(), index)));
                if (outcome.isPresent()) {
                    tasks.set(
                            index,
                            new JobState.TaskState.Ended(
                                    outcome.get(), outcome.get().finishedAt()));
                }
            }
        }
        return new JobState(state.id(), state.account(), state.job(), tasks);
    }

    private void catchUp() {
        try {
            known.caughtUp().get(CATCH_UP.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException problem) {
            LOG.warn("event=catch_up_failed problem=\"{}\"", problem.toString());
            throw ApiError.unavailable(
                            "journal_unavailable", "the queue cannot be asked about jobs now; try again", SOON)
                    .asException();
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        }
    }
}
