package dev.thunderhead.frontend.http;

import dev.thunderhead.frontend.error.ApiError;
import dev.thunderhead.frontend.error.ApiException;
import dev.thunderhead.frontend.error.ErrorKind;
import dev.thunderhead.frontend.error.Retry;
import dev.thunderhead.frontend.job.Ending;
import dev.thunderhead.frontend.job.Job;
import dev.thunderhead.frontend.media.PictureAddresses;
import dev.thunderhead.job.FailureCode;
import dev.thunderhead.job.Outcome;
import dev.thunderhead.storage.ObjectStore;
import dev.thunderhead.wire.Json;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Makes the answer to a synchronous call out of how its tasks ended. Thread-safe. */
public final class JobAnswers {
    private static final Duration SOON = Duration.ofSeconds(5);

    private final PictureAddresses addresses;
    private final ObjectStore store;
    private final Clock clock;

    public JobAnswers(PictureAddresses addresses, ObjectStore store, Clock clock) {
        this.addresses = addresses;
        this.store = store;
        this.clock = clock;
    }

    /**
     * An answer, ready to be sent.
     *
     * @param body JSON
     * @param last the end of the task that ended last, with its picture
     */
    record Answer(Buffer body, Finished last) {}

    /** A picture and the news of it. */
    record Finished(Outcome.Picture picture, Ending ending) {}

    /**
     * Makes the answer. Blocks where pictures have to be fetched from the store.
     *
     * @throws ApiException when a task failed or was cancelled: then the whole job has
     * @throws IOException when a picture cannot be fetched
     */
    Answer of(Job job, List<Ending> endings) throws IOException {
        List<Finished> pictures = new ArrayList<>();
        for (Ending ending : endings) {
            pictures.add(new Finished(picture(job, ending.event().outcome()), ending));
        }
        List<ImagesResponse.Datum> data = new ArrayList<>();
        for (Finished picture : pictures) {
            data.add(datum(job, picture));
        }
        Finished last = pictures.stream()
                .max(Comparator.comparing(finished -> finished.ending().publishedAt()))
                .orElseThrow();
        ImagesResponse response = ImagesResponse.of(job.request(), data, clock.instant());
        return new Answer(Buffer.buffer(Json.bytes(response)), last);
    }

    private ImagesResponse.Datum datum(Job job, Finished finished) throws IOException {
        Outcome.Picture picture = finished.picture();
        return switch (job.request().responseFormat()) {
            case URL ->
                new ImagesResponse.Datum.Url(addresses.of(finished.ending().event(), picture.format()), picture.seed());
            case B64_JSON ->
                new ImagesResponse.Datum.Content(
                        base64(finished.ending().event().outcomeKey()), picture.seed());
        };
    }

    private String base64(String key) throws IOException {
        byte[] file = store.get(key).orElseThrow(() -> new IOException("the picture at " + key + " is gone"));
        return Base64.getEncoder().encodeToString(file);
    }

    private static Outcome.Picture picture(Job job, Outcome outcome) {
        if (outcome instanceof Outcome.Picture picture) {
            return picture;
        }
        if (outcome instanceof Outcome.Failed failed) {
            throw failure(failed, job).asException();
        }
        throw new ApiError(
                        ErrorKind.CONFLICT,
                        "job_cancelled",
                        null,
                        "the job " + job.id() + " was cancelled",
                        new Retry.Never())
                .asException();
    }

    private static ApiError failure(Outcome.Failed failed, Job job) {
        String code = failed.code().name().toLowerCase(Locale.ROOT);
        String message = failed.message() + " (job " + job.id() + ")";
        if (failed.code() == FailureCode.DEADLINE_EXCEEDED || failed.code() == FailureCode.MODEL_UNAVAILABLE) {
            return ApiError.unavailable(code, message, SOON);
        }
        ApiError error = ApiError.of(ErrorKind.SERVER, code, message);
        return failed.code().retryable() ? error : error.withoutRetry();
    }
}
