package dev.thunderhead.wire;

import dev.thunderhead.job.Account;
import dev.thunderhead.job.FailureCode;
import dev.thunderhead.job.JobDescription;
import dev.thunderhead.job.JobId;
import dev.thunderhead.job.RenderTask;
import dev.thunderhead.job.TaskId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the headers of a task's record say. They repeat enough of the task that a record whose value cannot be read can
 * still be ended where its owner sees it.
 *
 * @param id job and index
 * @param account whose job it is
 * @param job what all tasks of the job have in common
 * @param deadline when rendering has no point any more
 * @param outcomeKey the key of its one outcome object
 * @param traceparent the W3C trace context of the request
 */
public record TaskEnvelope(
        TaskId id, Account account, JobDescription job, Instant deadline, String outcomeKey, String traceparent) {
    /** The form of task records that this code writes, and the newest that it reads. */
    public static final int SCHEMA = 1;

    /** Header with the record's form, a decimal number. */
    public static final String SCHEMA_HEADER = "schema";

    /** Header with the W3C trace context. */
    public static final String TRACE_HEADER = "traceparent";

    private static final String DESCRIPTION_HEADER = "description";

    /** What a record turned out to be. */
    public sealed interface Content {
        /** A task to render. */
        record Task(RenderTask task) implements Content {}

        /**
         * Nothing to render.
         *
         * @param envelope what the headers told, if they could be read
         */
        record Unreadable(FailureCode code, String why, Optional<TaskEnvelope> envelope) implements Content {}
    }

    public static TaskEnvelope of(RenderTask task) {
        return new TaskEnvelope(
                task.id(), task.account(), task.job(), task.deadline(), task.outcomeKey(), task.traceparent());
    }

    /** The record's headers, in order. */
    public Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(SCHEMA_HEADER, Integer.toString(SCHEMA));
        headers.put("job", id.job().value());
        headers.put("index", Integer.toString(id.index()));
        headers.put("account", account.id());
        headers.put(DESCRIPTION_HEADER, Json.text(job));
        headers.put("deadline", deadline.toString());
        headers.put("outcome-key", outcomeKey);
        headers.put(TRACE_HEADER, traceparent);
        return headers;
    }

    /**
     * Reads a record.
     *
     * @param header gives a header's value, or null when there is none of that name
     * @param value the record's value; null reads as malformed
     */
    public static Content open(Function<String, byte @Nullable []> header, byte @Nullable [] value) {
        String schema = text(header, SCHEMA_HEADER);
        if (schema == null || !schema.matches("[0-9]{1,9}")) {
            return unreadable(FailureCode.MALFORMED_TASK, "the schema header is missing", header);
        }
        if (Integer.parseInt(schema) > SCHEMA) {
            String why = "the task has schema " + schema + ", newer than " + SCHEMA + ": update the workers";
            return unreadable(FailureCode.UNSUPPORTED_SCHEMA, why, header);
        }
        if (value == null) {
            return unreadable(FailureCode.MALFORMED_TASK, "the record has no value", header);
        }
        try {
            return new Content.Task(Json.read(value, RenderTask.class));
        } catch (MalformedRecordException problem) {
            return unreadable(FailureCode.MALFORMED_TASK, String.valueOf(problem.getMessage()), header);
        }
    }

    private static Content unreadable(FailureCode code, String why, Function<String, byte @Nullable []> header) {
        return new Content.Unreadable(code, why, fromHeaders(header));
    }

    private static Optional<TaskEnvelope> fromHeaders(Function<String, byte @Nullable []> header) {
        String job = text(header, "job");
        String index = text(header, "index");
        String account = text(header, "account");
        String description = text(header, DESCRIPTION_HEADER);
        String deadline = text(header, "deadline");
        String key = text(header, "outcome-key");
        String trace = text(header, TRACE_HEADER);
        if (job == null
                || index == null
                || account == null
                || description == null
                || deadline == null
                || key == null
                || trace == null) {
            return Optional.empty();
        }
        try {
            TaskId id = new TaskId(new JobId(job), Integer.parseInt(index));
            JobDescription about = Json.read(description.getBytes(StandardCharsets.UTF_8), JobDescription.class);
            return Optional.of(new TaskEnvelope(id, new Account(account), about, Instant.parse(deadline), key, trace));
        } catch (IllegalArgumentException | java.time.DateTimeException | MalformedRecordException problem) {
            return Optional.empty();
        }
    }

    private static @Nullable String text(Function<String, byte @Nullable []> header, String name) {
        byte[] bytes = header.apply(name);
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }
}
