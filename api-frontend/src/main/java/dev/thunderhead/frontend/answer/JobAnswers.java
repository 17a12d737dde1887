package dev.thunderhead.frontend.answer;

import dev.thunderhead.frontend.error.ApiError;
import dev.thunderhead.frontend.error.ApiException;
import dev.thunderhead.frontend.error.ErrorKind;
import dev.thunderhead.frontend.error.Retry;
import dev.thunderhead.frontend.job.FoundJob;
import dev.thunderhead.frontend.request.GenerationRequest;
import dev.thunderhead.job.FailureCode;
import dev.thunderhead.job.JobDescription;
import dev.thunderhead.job.JobId;
import dev.thunderhead.job.Outcome;
import dev.thunderhead.job.TaskId;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Makes the answer to a synchronous call out of how its tasks ended. Thread-safe. */
public final class JobAnswers {
    private static final Duration SOON = Duration.ofSeconds(5);

    private final PictureData pictures;
    private final Clock clock;

    public JobAnswers(PictureData pictures, Clock clock) {
        this.pictures = pictures;
        this.clock = clock;
    }

    /**
     * Makes the answer. Blocks where pictures have to be fetched from the store.
     *
     * @throws ApiException when a task failed or was cancelled: then the whole job has
     * @throws IOException when a picture cannot be fetched
     */
    public ImagesResponse of(GenerationRequest request, FoundJob.Ended job) throws IOException {
        return of(job, ImagesResponse.Usage.textTokens(request.prompt()), clock.instant(), pictures::of);
    }

    /** Says how a picture is shown; may block. */
    @FunctionalInterface
    public interface Showing {
        ImagesResponse.Datum of(FoundJob job, TaskId task, Outcome.Picture picture) throws IOException;
    }

    /**
     * Shows the finished pictures of a job, whatever the others come to. Blocks if showing pictures does.
     *
     * @throws IOException when a picture cannot be fetched
     */
    public static List<ImagesResponse.Datum> pictures(FoundJob job, Showing showing) throws IOException {
        List<ImagesResponse.Datum> data = new ArrayList<>();
        for (Map.Entry<TaskId, Outcome.Picture> picture : job.pictures()) {
            data.add(showing.of(job, picture.getKey(), picture.getValue()));
        }
        return data;
    }

    /**
     * Makes the answer about a job whose request is not at hand. Blocks if showing pictures does.
     *
     * @param textTokens of its prompt
     * @throws ApiException when a task failed or was cancelled: then the whole job has
     * @throws IOException when a picture cannot be fetched
     */
    public static ImagesResponse of(FoundJob.Ended job, long textTokens, Instant created, Showing showing)
            throws IOException {
        Optional<ApiError> error = error(job);
        if (error.isPresent()) {
            throw error.get().asException();
        }
        List<ImagesResponse.Datum> data = pictures(job, showing);
        JobDescription about = job.job();
        ImagesResponse.Usage usage = ImagesResponse.Usage.of(textTokens, about.size(), about.count());
        return ImagesResponse.of(about.format(), about.steps(), about.size(), usage, data, created);
    }

    /** What a client is told of a job of which a picture is missing; empty when none is. */
    public static Optional<ApiError> error(FoundJob.Ended job) {
        return job.record().outcomes().stream()
                .filter(outcome -> !(outcome instanceof Outcome.Picture))
                .findFirst()
                .map(outcome -> error(outcome, job.id()));
    }

    /** What a client is told of a task that has ended without a picture. */
    public static ApiError error(Outcome outcome, JobId job) {
        return outcome instanceof Outcome.Failed failed
                ? failure(failed, job)
                : new ApiError(
                        ErrorKind.CONFLICT,
                        "job_cancelled",
                        null,
                        "the job " + job + " was cancelled",
                        new Retry.Never());
    }

    private static ApiError failure(Outcome.Failed failed, JobId job) {
        String code = failed.code().name().toLowerCase(Locale.ROOT);
        String message = failed.message() + " (job " + job + ")";
        if (failed.code() == FailureCode.DEADLINE_EXCEEDED || failed.code() == FailureCode.MODEL_UNAVAILABLE) {
            return ApiError.unavailable(code, message, SOON);
        }
        ApiError error = ApiError.of(ErrorKind.SERVER, code, message);
        return failed.code().retryable() ? error : error.withoutRetry();
    }
}
