package dev.thunderhead.frontend.webhook;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.thunderhead.frontend.media.PictureAddresses;
import dev.thunderhead.job.BatchEvent;
import dev.thunderhead.job.CallbackEvent;
import dev.thunderhead.job.FailureCode;
import dev.thunderhead.job.JobEvent;
import dev.thunderhead.job.JobRecord;
import dev.thunderhead.job.JobStatus;
import dev.thunderhead.job.Outcome;
import dev.thunderhead.job.TaskId;
import dev.thunderhead.wire.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a callback says, in the form of OpenAI's events: {@code {id, object: "event", created_at, type, data}}, where
 * {@code data} tells of a job as the job's own object does, and of a batch its id, as OpenAI's does. The same record makes
 * the same bytes.
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
record EventPayload(
        String id,
        String object,
        @JsonProperty("created_at") long createdAt,
        String type,
        Data data) {
    /** Standard Webhooks recommends less than 20 kB. */
    static final int MAX_BYTES = 20_000;

    /** What it is about. */
    sealed interface Data {}

    /** A batch, to be asked for by its id. */
    record Batch(String id) implements Data {}

    /**
     * A job.
     *
     * @param metadata its owner's notes; left out where they would make the payload too large
     * @param error of the first task that failed
     * @param pictures those that stand, when they are asked for
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record Job(
            String id,
            String object,
            JobStatus status,
            Optional<Map<String, String>> metadata,
            Optional<Failure> error,
            @JsonProperty("data") Optional<List<Picture>> pictures)
            implements Data {}

    record Failure(FailureCode code, String message) {}

    /** @param index its place in the job, since a failed job may have only some */
    record Picture(int index, String url, long seed) {}

    static JobEvent eventOf(JobRecord.Finished job) {
        return switch (job.status()) {
            case COMPLETED -> JobEvent.COMPLETED;
            case FAILED -> JobEvent.FAILED;
            case CANCELLED -> JobEvent.CANCELLED;
            case QUEUED, IN_PROGRESS -> throw new IllegalArgumentException("the job has not ended");
        };
    }

    /** The payload for a job's end. */
    static String of(JobRecord.Finished job, boolean includeData, PictureAddresses addresses) {
        Optional<List<Picture>> pictures = includeData ? Optional.of(pictures(job, addresses)) : Optional.empty();
        String whole = text(job, Optional.of(new TreeMap<>(job.job().metadata())), pictures);
        return whole.length() < MAX_BYTES ? whole : text(job, Optional.empty(), pictures);
    }

    private static String text(
            JobRecord.Finished job, Optional<Map<String, String>> metadata, Optional<List<Picture>> pictures) {
        Data data = new Job(job.id().value(), "image.job", job.status(), metadata, error(job), pictures);
        return text(eventOf(job), job.id().value(), job.completedAt().getEpochSecond(), data);
    }

    /** The payload for a batch's end. */
    static String of(BatchEvent event, String batch, Instant at) {
        return text(event, batch, at.getEpochSecond(), new Batch(batch));
    }

    private static String text(CallbackEvent event, String subject, long at, Data data) {
        String id = "evt_" + Delivery.hash(subject, event.type());
        return Json.text(new EventPayload(id, "event", at, event.type(), data));
    }

    private static Optional<Failure> error(JobRecord.Finished job) {
        return job.outcomes().stream()
                .filter(Outcome.Failed.class::isInstance)
                .map(Outcome.Failed.class::cast)
                .map(failed -> new Failure(failed.code(), failed.message()))
                .findFirst();
    }

    private static List<Picture> pictures(JobRecord.Finished job, PictureAddresses addresses) {
        List<Picture> pictures = new ArrayList<>();
        for (int index = 0; index < job.outcomes().size(); index++) {
            if (job.outcomes().get(index) instanceof Outcome.Picture picture) {
                TaskId task = new TaskId(job.id(), index);
                pictures.add(new Picture(index, addresses.of(job.account(), task, picture.format()), picture.seed()));
            }
        }
        return pictures;
    }

    /** A payload that tells of nothing real, to try an endpoint. */
    static String sample(CallbackEvent event, String id, long now) {
        Data data = event instanceof JobEvent end ? sample(end) : new Batch("batch_00000000000000000000000000");
        return text(event, id, now, data);
    }

    private static Data sample(JobEvent event) {
        JobStatus status = switch (event) {
            case COMPLETED -> JobStatus.COMPLETED;
            case FAILED -> JobStatus.FAILED;
            case CANCELLED -> JobStatus.CANCELLED;
        };
        return new Job(
                "job_00000000000000000000000000",
                "image.job",
                status,
                Optional.of(Map.of("test", "true")),
                Optional.empty(),
                Optional.empty());
    }
}
