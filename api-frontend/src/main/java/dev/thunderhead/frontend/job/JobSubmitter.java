package dev.thunderhead.frontend.job;

import dev.thunderhead.job.Cancellation;
import dev.thunderhead.job.Outcome;
import dev.thunderhead.job.RenderEvent;
import dev.thunderhead.job.RenderTask;
import dev.thunderhead.storage.ObjectKeys;
import dev.thunderhead.storage.Outcomes;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
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
    private final Outcomes outcomes;
    private final ObjectKeys keys;
    private final Clock clock;
    private final Executor blocking;

    /** @param blocking runs what waits for the store */
    public JobSubmitter(Publisher publisher, Outcomes outcomes, ObjectKeys keys, Clock clock, Executor blocking) {
        this.publisher = publisher;
        this.outcomes = outcomes;
        this.keys = keys;
        this.clock = clock;
        this.blocking = blocking;
    }

    /** Queues the job. Blocks while the journal cannot be reached, so never call it on an event loop. */
    public CompletableFuture<Submission> submit(Job job) {
        List<RenderTask> tasks = job.tasks(keys);
        CompletableFuture<?>[] acknowledgements =
                tasks.stream().map(publisher::publish).toArray(CompletableFuture[]::new);
        CompletableFuture<Submission> accepted =
                CompletableFuture.allOf(acknowledgements).thenApply(done -> new Submission.Accepted());
        return accepted.exceptionallyAsync(problem -> callOff(job, tasks, problem), blocking);
    }

    private Submission callOff(Job job, List<RenderTask> tasks, Throwable problem) {
        LOG.warn("event=submission_unclear job={} problem={}", job.id(), String.valueOf(problem.getMessage()));
        Outcome.Cancelled cancelled =
                new Outcome.Cancelled("the request could not be queued; send it again", clock.instant());
        tasks.forEach(task -> callOff(task, cancelled));
        CompletableFuture<Void> unused = publisher.publish(new Cancellation(job.id()));
        return new Submission.CalledOff();
    }

    // The outcome is the truth. The event is for others who wait, and nobody has to wait for it here: while the journal
    // cannot be reached it would cost the client another timeout.
    private void callOff(RenderTask task, Outcome.Cancelled cancelled) {
        try {
            Outcome stands = outcomes.record(task.outcomeKey(), cancelled);
            CompletableFuture<Void> unused = publisher.publish(new RenderEvent(
                    task.id(), task.account(), Optional.of(task.job()), task.outcomeKey(), stands, task.traceparent()));
        } catch (IOException problem) {
            LOG.error("event=task_not_called_off task={} problem={}", task.id(), problem.getMessage());
        }
    }
}
