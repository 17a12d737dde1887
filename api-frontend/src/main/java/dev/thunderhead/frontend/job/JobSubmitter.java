package dev.thunderhead.frontend.job;

import dev.thunderhead.storage.ObjectKeys;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Queues jobs. A job is accepted when every one of its tasks has been acknowledged; when one has not, nobody knows
 * whether it stands in the journal, so the job is called off before the client is told to try again. Thread-safe.
 */
public final class JobSubmitter {
    private static final Logger LOG = LoggerFactory.getLogger(JobSubmitter.class);

    private final Publisher publisher;
    private final JobCanceller canceller;
    private final ObjectKeys keys;
    private final Executor blocking;

    /** @param blocking runs what waits for the store */
    public JobSubmitter(Publisher publisher, JobCanceller canceller, ObjectKeys keys, Executor blocking) {
        this.publisher = publisher;
        this.canceller = canceller;
        this.keys = keys;
        this.blocking = blocking;
    }

    /** What is to be done after a job has been called off; blocks. */
    @FunctionalInterface
    public interface Aftermath {
        void run() throws IOException;
    }

    /** Queues the job. Blocks while the journal cannot be reached, so never call it on an event loop. */
    public CompletableFuture<Submission> submit(Job job) {
        return submit(job, () -> {});
    }

    /**
     * Queues the job. Blocks while the journal cannot be reached, so never call it on an event loop.
     *
     * @param calledOff is run once the job has been called off
     */
    public CompletableFuture<Submission> submit(Job job, Aftermath calledOff) {
        CompletableFuture<?>[] acknowledgements =
                job.tasks(keys).stream().map(publisher::publish).toArray(CompletableFuture[]::new);
        CompletableFuture<Submission> accepted =
                CompletableFuture.allOf(acknowledgements).thenApply(done -> new Submission.Accepted());
        return accepted.exceptionallyAsync(problem -> callOff(job, calledOff, problem), blocking);
    }

    // The outcomes are the truth. The events are for others who wait, and nobody has to wait for them here: while the
    // journal cannot be reached that would cost the client another timeout.
    private Submission callOff(Job job, Aftermath calledOff, Throwable problem) {
        LOG.warn("event=submission_unclear job={} problem={}", job.id(), String.valueOf(problem.getMessage()));
        try {
            JobCanceller.CalledOff cancelled = canceller.cancel(
                    job.id(),
                    job.account(),
                    job.description(),
                    "the request could not be queued; send it again",
                    job.trace());
            calledOff.run();
            blocking.execute(() -> {
                CompletableFuture<Void> unused = canceller.tell(cancelled);
            });
        } catch (IOException worse) {
            LOG.error("event=job_not_called_off job={} problem={}", job.id(), worse.getMessage());
        }
        return new Submission.CalledOff();
    }
}
