package dev.thunderhead.frontend.job;

import dev.thunderhead.job.Account;
import dev.thunderhead.job.JobId;
import dev.thunderhead.job.Lane;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The jobs that are open anywhere in the deployment, and those that ended a moment ago, as the journal tells of them. For
 * older ones the store has a record. Every frontend knows the same, some milliseconds apart. Thread-safe.
 */
public interface KnownJobs {
    /** What is known of the job, if it is open or has ended within the last minutes. */
    Optional<JobState> find(JobId job);

    /**
     * The account's jobs, the newest first; lines of batches are not among them.
     *
     * @param after only jobs whose ids come behind this one: older ones
     * @param limit at most so many
     */
    List<JobState> of(Account account, Optional<JobId> after, int limit);

    /** Where the job stands in its lane's queue; empty when none of its tasks is queued. */
    Optional<Place> place(JobId job);

    /** Where a job of so many tasks would stand that is queued now. */
    Place placeAtEnd(Lane lane, int tasks);

    /**
     * Completes when everything is known that stood in the journal at the moment of the call: on the thread that learnt
     * of it, which must not be blocked. Fails, after seconds at most, when the journal cannot be reached.
     */
    CompletableFuture<Void> caughtUp();

    /**
     * A job's place in its queue.
     *
     * @param ahead how many tasks are queued before the job's first one
     * @param eta until its last task has ended; empty while nobody knows how fast tasks leave
     */
    record Place(int ahead, Optional<Eta> eta) {}

    /** How long something will take: in half of all cases, and in nine of ten. */
    record Eta(Duration median, Duration ninetieth) {}
}
