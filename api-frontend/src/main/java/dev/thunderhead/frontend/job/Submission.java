package dev.thunderhead.frontend.job;

/** What became of the attempt to queue a job. */
public sealed interface Submission {
    /** Every task is in the journal: the job will end visibly, whatever happens. */
    record Accepted() implements Submission {}

    /** Some task's fate was unclear, so the whole job has been called off: none of it will be delivered. */
    record CalledOff() implements Submission {}
}
