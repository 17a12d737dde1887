package dev.thunderhead.job;

/**
 * Names a task: one picture of a job.
 *
 * @param index 0 to 99,999: the picture's place in the job
 */
public record TaskId(JobId job, int index) {
    private static final int MAX_INDEX = 99_999;

    public TaskId {
        if (index < 0 || index > MAX_INDEX) {
            throw new IllegalArgumentException("a task's index is 0 to " + MAX_INDEX);
        }
    }

    @Override
    public String toString() {
        return job + "/" + index;
    }
}
