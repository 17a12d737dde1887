package dev.thunderhead.frontend.job;

import dev.thunderhead.job.Account;
import dev.thunderhead.job.Cancellation;
import dev.thunderhead.job.JobDescription;
import dev.thunderhead.job.JobId;
import dev.thunderhead.job.JobRecord;
import dev.thunderhead.job.Outcome;
import dev.thunderhead.job.RenderEvent;
import dev.thunderhead.job.TaskId;
import dev.thunderhead.storage.ObjectKeys;
import dev.thunderhead.storage.Outcomes;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Calls jobs off. The outcomes are the truth: each task that has none yet gets a cancelled one; then the workers are told,
 * who look between steps, and then everybody. Doing it twice is harmless. Thread-safe.
 */
public final class JobCanceller {
    private final Outcomes outcomes;
    private final ObjectKeys keys;
    private final Publisher publisher;
    private final Clock clock;

    public JobCanceller(Outcomes outcomes, ObjectKeys keys, Publisher publisher, Clock clock) {
        this.outcomes = outcomes;
        this.keys = keys;
        this.publisher = publisher;
        this.clock = clock;
    }

    /**
     * A job that has been called off.
     *
     * @param record what it came to: it is not cancelled when all its tasks had ended before
     * @param events the news of its tasks, which nothing depends on, since the outcomes stand
     */
    public record CalledOff(JobRecord.Finished record, List<RenderEvent> events) {
        public CalledOff {
            events = List.copyOf(events);
        }
    }

    /**
     * Calls a job off. Blocks for the store. {@link #tell} the news afterwards.
     *
     * @param why for the owner
     * @throws IOException when some task's outcome could not be recorded: then the job may still be rendered
     */
    public CalledOff cancel(JobId job, Account account, JobDescription description, String why, TraceContext trace)
            throws IOException {
        Outcome.Cancelled cancelled = new Outcome.Cancelled(why, clock.instant());
        List<RenderEvent> events = new ArrayList<>();
        for (int index = 0; index < description.count(); index++) {
            TaskId task = new TaskId(job, index);
            String key = keys.outcome(account, task);
            Outcome stands = outcomes.record(key, cancelled);
            events.add(new RenderEvent(task, account, Optional.of(description), key, stands, trace.traceparent()));
        }
        List<Outcome> all = events.stream().map(RenderEvent::outcome).toList();
        return new CalledOff(JobRecord.Finished.of(job, account, description, all), events);
    }

    /**
     * Tells the workers, and then everybody. May block for a while when the journal cannot be reached.
     *
     * @return completes when the journal has it
     */
    public CompletableFuture<Void> tell(CalledOff calledOff) {
        CompletableFuture<Void> told =
                publisher.publish(new Cancellation(calledOff.record().id()));
        for (RenderEvent event : calledOff.events()) {
            told = told.runAfterBoth(publisher.publish(event), () -> {});
        }
        return told;
    }
}
