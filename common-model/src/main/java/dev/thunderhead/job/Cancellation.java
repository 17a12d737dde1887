package dev.thunderhead.job;

/**
 * Tells workers that a job's tasks need no rendering any more. Only a hint that saves work: the cancelled outcomes stand
 * already when it is sent.
 */
public record Cancellation(JobId job) {}
