package dev.thunderhead.frontend.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.thunderhead.frontend.job.FoundJob;
import dev.thunderhead.frontend.job.JobPosition;
import dev.thunderhead.frontend.job.JobState;
import dev.thunderhead.frontend.job.JobState.TaskState;
import dev.thunderhead.job.JobDescription;
import dev.thunderhead.job.JobStatus;
import dev.thunderhead.job.Outcome;
import dev.thunderhead.wire.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Tells one listener what happened to a job since it was told last, in events whose ids are places in the job's life: so
 * whoever names the last one it saw, at any frontend, is told the rest, and nothing twice. Steps that went by in between
 * are told by the latest. A worker that begins a task again is told of when it gets further than the first one did. Not
 * thread-safe.
 */
final class JobEvents {
    static final String QUEUED = "job.queued";
    static final String STARTED = "job.started";
    static final String STEP = "job.step";
    static final String TASK_FINISHED = "job.task_finished";
    static final String FINISHED = "job.finished";

    private final Function<FoundJob, JobResources.Resource> resources;
    private JobPosition told;
    private boolean fresh;
    private boolean resumed;
    private @Nullable Integer toldQueuePosition;
    private boolean finished;

    /** The job as a whole. */
    private record Whole(String type, JobResources.Resource job) {}

    /**
     * One of the job's tasks.
     *
     * @param index which, from 0
     * @param step how many steps are done
     * @param progress of the whole job, percent
     */
    private record Step(
            String type, @JsonProperty("job_id") String job, int index, int step, int steps, int progress) {}

    private record TaskFinished(
            String type, @JsonProperty("job_id") String job, int index, JobStatus status, int progress) {}

    /**
     * @param resources shows jobs to their owner
     * @param seen up to where the listener was told before, if it was
     */
    JobEvents(Function<FoundJob, JobResources.Resource> resources, JobDescription job, Optional<JobPosition> seen) {
        this.resources = resources;
        this.fresh = seen.isEmpty();
        this.resumed = seen.isPresent();
        this.told = seen.orElse(JobPosition.start(job));
    }

    /** Whether everything has been told. */
    boolean isFinished() {
        return finished;
    }

    /** What leads from what was told to where the job is now. */
    List<SseEvent> until(FoundJob job) {
        List<SseEvent> events = new ArrayList<>();
        JobPosition now = JobPosition.of(job);
        JobResources.Resource resource = resources.apply(job);
        // Of a job that has ended before anybody watched, the end says it all.
        if (!fresh || job instanceof FoundJob.Open) {
            tellQueued(events, job, resource);
            tellStarted(events, now, resource);
            for (int index = 0; index < now.tasks().size(); index++) {
                tellTask(events, job, index, now.of(index), resource.progress());
            }
        }
        if (job instanceof FoundJob.Ended && !finished) {
            finished = true;
            events.add(event(FINISHED, JobPosition.END, new Whole(FINISHED, resource)));
        }
        fresh = false;
        resumed = false;
        return events;
    }

    /** At first, and again whenever its place in the queue is another. */
    private void tellQueued(List<SseEvent> events, FoundJob job, JobResources.Resource resource) {
        boolean moved = !Objects.equals(resource.queuePosition(), toldQueuePosition);
        if (job.status() == JobStatus.QUEUED && !told.isBegun() && (fresh || moved)) {
            toldQueuePosition = resource.queuePosition();
            // Who comes back has heard of the queue.
            if (!resumed) {
                events.add(event(QUEUED, told.toString(), new Whole(QUEUED, resource)));
            }
        }
    }

    private void tellStarted(List<SseEvent> events, JobPosition now, JobResources.Resource resource) {
        // A task that was called off in the queue has ended and was never begun.
        if (told.isBegun() || !now.isBegun() || resource.startedAt() == null) {
            return;
        }
        for (int index = 0; !told.isBegun(); index++) {
            told = told.with(index, Math.min(now.of(index), 1));
        }
        events.add(event(STARTED, told.toString(), new Whole(STARTED, resource)));
    }

    private void tellTask(List<SseEvent> events, FoundJob job, int index, int place, int progress) {
        if (place <= told.of(index)) {
            return;
        }
        told = told.with(index, place);
        String id = job.id().value();
        Optional<Outcome> outcome = outcome(job, index);
        if (outcome.isPresent()) {
            JobStatus status = JobStatus.of(List.of(outcome.get()));
            events.add(event(
                    TASK_FINISHED, told.toString(), new TaskFinished(TASK_FINISHED, id, index, status, progress)));
        } else if (job instanceof FoundJob.Open open
                && open.state().tasks().get(index) instanceof TaskState.Running running
                && running.step() > 0) {
            events.add(
                    event(STEP, told.toString(), new Step(STEP, id, index, running.step(), running.steps(), progress)));
        }
    }

    private static Optional<Outcome> outcome(FoundJob job, int index) {
        if (job instanceof FoundJob.Ended ended) {
            return Optional.of(ended.record().outcomes().get(index));
        }
        JobState state = ((FoundJob.Open) job).state();
        return state.tasks().get(index) instanceof TaskState.Ended ended
                ? Optional.of(ended.outcome())
                : Optional.empty();
    }

    private static SseEvent event(String name, String id, Object content) {
        return new SseEvent(Optional.of(name), Optional.of(id), Json.text(content));
    }
}
