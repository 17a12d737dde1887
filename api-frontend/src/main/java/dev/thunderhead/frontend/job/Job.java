package dev.thunderhead.frontend.job;

import dev.thunderhead.frontend.request.GenerationRequest;
import dev.thunderhead.frontend.request.ResponseFormat;
import dev.thunderhead.job.Account;
import dev.thunderhead.job.JobDescription;
import dev.thunderhead.job.JobId;
import dev.thunderhead.job.Lane;
import dev.thunderhead.job.RenderTask;
import dev.thunderhead.job.TaskId;
import dev.thunderhead.storage.ObjectKeys;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A request that has become work: one task for each picture. Immutable.
 *
 * @param lane the queue its tasks travel in
 * @param seed of the first picture; the others count on from it
 * @param deadline when rendering has no point any more
 * @param trace the request's place in its trace
 */
public record Job(
        JobId id,
        Account account,
        Lane lane,
        GenerationRequest request,
        long seed,
        Instant createdAt,
        Instant deadline,
        TraceContext trace) {

    /** The job's tasks in order. */
    public List<RenderTask> tasks(ObjectKeys keys) {
        return IntStream.range(0, request.count())
                .mapToObj(index -> task(new TaskId(id, index), keys))
                .toList();
    }

    /** What its tasks and events tell of it. */
    public JobDescription description() {
        return new JobDescription(
                lane,
                request.model().id(),
                request.size(),
                request.steps(),
                request.format(),
                request.count(),
                request.responseFormat() == ResponseFormat.B64_JSON,
                request.options().previews(),
                createdAt,
                request.options().metadata(),
                request.options().callback());
    }

    private RenderTask task(TaskId task, ObjectKeys keys) {
        return new RenderTask(
                task,
                account,
                description(),
                request.prompt(),
                seed + task.index(),
                request.compression(),
                request.promptInFile(),
                deadline,
                keys.outcome(account, task),
                trace.traceparent());
    }
}
