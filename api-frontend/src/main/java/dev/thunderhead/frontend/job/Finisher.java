package dev.thunderhead.frontend.job;

import dev.thunderhead.frontend.lifecycle.CrashPoint;
import dev.thunderhead.job.Account;
import dev.thunderhead.job.JobDescription;
import dev.thunderhead.job.JobId;
import dev.thunderhead.job.JobRecord;
import dev.thunderhead.job.Lane;
import dev.thunderhead.job.Outcome;
import dev.thunderhead.job.RenderEvent;
import dev.thunderhead.job.TaskId;
import dev.thunderhead.storage.ObjectKeys;
import dev.thunderhead.storage.ObjectStore;
import dev.thunderhead.storage.Outcomes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends jobs, and nobody else does: when every task of a job has its outcome, it writes the job's one record and plans the
 * callbacks. Lines of batches have no record: their feeder hears of them and writes them into their batch. It remembers nothing between two events, and an event may come again, so whatever a crash leaves undone, the
 * event's next delivery does. Blocks. Thread-safe.
 */
public final class Finisher {
    private static final Logger LOG = LoggerFactory.getLogger(Finisher.class);

    private final ObjectStore store;
    private final Outcomes outcomes;
    private final ObjectKeys keys;
    private final JobRecords records;
    private final Callbacks callbacks;

    public Finisher(ObjectStore store, Outcomes outcomes, ObjectKeys keys, JobRecords records, Callbacks callbacks) {
        this.store = store;
        this.outcomes = outcomes;
        this.keys = keys;
        this.records = records;
        this.callbacks = callbacks;
    }

    /**
     * Ends the event's job, if the event's task was its last.
     *
     * @throws IOException when something is left to do; the event has to come again
     */
    public void heard(RenderEvent event) throws IOException {
        if (event.job().isEmpty()) {
            LOG.warn("event=job_of_unknown_extent task={}", event.id());
            return;
        }
        JobDescription job = event.job().get();
        // A line of a batch has its place in the batch's results; there is nothing to do but to call whom it names
        // itself.
        if (job.lane() == Lane.BULK && job.callback().isEmpty()) {
            return;
        }
        Optional<List<Outcome>> all = job.count() == 1
                ? Optional.of(List.of(event.outcome()))
                : standing(event.account(), event.id().job(), job.count());
        if (all.isEmpty()) {
            return;
        }
        JobRecord.Finished finished = JobRecord.Finished.of(event.id().job(), event.account(), job, all.get());
        if (job.lane() == Lane.BULK) {
            callbacks.plan(finished, true);
        } else {
            finish(finished);
        }
    }

    /** All outcomes of the job by index, or nothing while some are missing. */
    private Optional<List<Outcome>> standing(Account account, JobId job, int count) throws IOException {
        if (store.list(ObjectKeys.outcomes(account, job)).size() < count) {
            return Optional.empty();
        }
        List<Outcome> all = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            Optional<Outcome> outcome = outcomes.find(keys.outcome(account, new TaskId(job, index)));
            if (outcome.isEmpty()) {
                return Optional.empty();
            }
            all.add(outcome.get());
        }
        return Optional.of(all);
    }

    private void finish(JobRecord.Finished job) throws IOException {
        CrashPoint.OUTCOMES_COMPLETE.reached();
        JobRecords.Standing stands = records.write(job);
        CrashPoint.RECORD_WRITTEN.reached();
        // What stands, not what we would have written: everybody who plans the callbacks plans the same ones. Before
        // the record stood, nobody did.
        if (stands.record() instanceof JobRecord.Finished finished) {
            callbacks.plan(finished, stands.earlier());
        }
        CrashPoint.CALLBACKS_PLANNED.reached();
        if (!stands.earlier()) {
            LOG.info("event=job_finished job={} account={} status={}", job.id(), job.account(), job.status());
        }
    }
}
