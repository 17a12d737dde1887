package dev.thunderhead.job;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Optional;

/**
 * The news that a task has ended. Published after the outcome stands, at least once; readers dedupe by task.
 *
 * @param job what the task's job is about; empty where nobody can tell any more
 * @param outcomeKey where the outcome object stands
 * @param outcome a copy of what stands there
 */
public record RenderEvent(
        TaskId id,
        Account account,
        Optional<JobDescription> job,
        @JsonProperty("outcome_key") String outcomeKey,
        Outcome outcome,
        String traceparent) {}
