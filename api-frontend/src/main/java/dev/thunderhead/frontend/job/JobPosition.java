package dev.thunderhead.frontend.job;

import dev.thunderhead.frontend.job.JobState.TaskState;
import dev.thunderhead.job.JobDescription;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How far a job is, made of its state alone, so that any frontend understands what another one wrote: for each task 0
 * while it waits, 1 when it was begun, 1 + k when k of its steps are done, and the number of steps + 2 when it has ended.
 * Its text is those numbers with dots between, for example {@code 6.3.0}. Immutable.
 *
 * @param tasks by index
 */
public record JobPosition(List<Integer> tasks) {
    /** The text of the place behind a job's last event. */
    public static final String END = "end";

    private static final int BEGUN = 1;
    private static final int BEYOND_STEPS = 2;
    private static final Pattern FORM = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3})*");

    public JobPosition {
        tasks = List.copyOf(tasks);
    }

    /** Before anything has happened. */
    public static JobPosition start(JobDescription job) {
        return new JobPosition(Collections.nCopies(job.count(), 0));
    }

    /** Where the job is. */
    public static JobPosition of(FoundJob job) {
        int end = job.job().steps() + BEYOND_STEPS;
        return job instanceof FoundJob.Open open
                ? new JobPosition(open.state().tasks().stream()
                        .map(task -> place(task, end))
                        .toList())
                : new JobPosition(Collections.nCopies(job.job().count(), end));
    }

    private static int place(TaskState task, int end) {
        if (task instanceof TaskState.Running running) {
            return Math.min(BEGUN + running.step(), end - 1);
        }
        return task instanceof TaskState.Ended ? end : 0;
    }

    /** Reads the text of a place in that job; empty when it is none. */
    public static Optional<JobPosition> parse(String text, JobDescription job) {
        if (!FORM.matcher(text).matches()) {
            return Optional.empty();
        }
        List<Integer> tasks =
                Arrays.stream(text.split("\\.", -1)).map(Integer::valueOf).toList();
        boolean possible =
                tasks.size() == job.count() && tasks.stream().allMatch(place -> place <= job.steps() + BEYOND_STEPS);
        return possible ? Optional.of(new JobPosition(tasks)) : Optional.empty();
    }

    /** Whether some task was begun. */
    public boolean isBegun() {
        return tasks.stream().anyMatch(place -> place >= BEGUN);
    }

    public int of(int index) {
        return tasks.get(index);
    }

    /** The same with one task elsewhere. */
    public JobPosition with(int index, int place) {
        List<Integer> moved = new ArrayList<>(tasks);
        moved.set(index, place);
        return new JobPosition(moved);
    }

    @Override
    public String toString() {
        return tasks.stream().map(String::valueOf).collect(Collectors.joining("."));
    }
}
