package dev.thunderhead.frontend.batch;

import dev.thunderhead.frontend.job.TraceContext;
import dev.thunderhead.job.Account;
import dev.thunderhead.job.JobDescription;
import dev.thunderhead.job.JobId;
import dev.thunderhead.job.RenderTask;
import java.util.List;

/**
 * The job that a line is. Immutable.
 *
 * @param textTokens of its prompt; 0 where only the journal tells of the job
 * @param tasks what there is to queue; nothing where only the journal tells of the job
 */
record LineJob(
        JobId id,
        Account account,
        JobDescription description,
        long textTokens,
        TraceContext trace,
        List<RenderTask> tasks) {
    LineJob {
        tasks = List.copyOf(tasks);
    }

    /** How many pictures it is asked for. */
    int count() {
        return description.count();
    }
}
