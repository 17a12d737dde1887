package dev.thunderhead.frontend.batch;

import dev.thunderhead.frontend.answer.ErrorBody;
import dev.thunderhead.frontend.answer.ImagesResponse;
import dev.thunderhead.frontend.answer.JobAnswers;
import dev.thunderhead.frontend.answer.PictureData;
import dev.thunderhead.frontend.error.ApiError;
import dev.thunderhead.frontend.job.FoundJob;
import dev.thunderhead.job.JobId;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes lines of output out of what is kept of results; the same every time. Thread-safe. */
public final class OutputLines {
    private static final int OK = 200;
    private static final Pattern ID = Pattern.compile("batch_req_([0-9a-z]+)_([0-9]{1,9})");

    private final PictureData pictures;
    private final PatientReads reads;

    OutputLines(PictureData pictures, PatientReads reads) {
        this.pictures = pictures;
        this.reads = reads;
    }

    /** How a line shows its pictures. */
    enum Pictures {
        /** As its owner wanted them, unless they are gone; blocks where that is the pictures themselves. */
        AS_ASKED,
        /** As addresses. */
        ADDRESSES
    }

    /**
     * The line at that place among the batch's results.
     *
     * @param place from 0
     * @throws IOException when a picture cannot be fetched
     */
    OutputLine of(BatchId batch, int place, LineResult result, Pictures as) throws IOException {
        String id = "batch_req_" + batch.unique() + "_" + place;
        if (result instanceof LineResult.Dropped dropped) {
            return new OutputLine(
                    id,
                    dropped.customId(),
                    dropped.line(),
                    null,
                    new OutputLine.Problem(
                            dropped.reason().code(), dropped.reason().message()));
        }
        OutputLine.Response response = result instanceof LineResult.Ended ended
                ? answer(ended, as)
                : refusal(batch, (LineResult.Refused) result);
        return new OutputLine(id, result.customId(), result.line(), response, null);
    }

    private static OutputLine.Response refusal(BatchId batch, LineResult.Refused refused) {
        return new OutputLine.Response(refused.status(), requestId(batch.job(refused.line())), refused.error());
    }

    private OutputLine.Response answer(LineResult.Ended ended, Pictures as) throws IOException {
        FoundJob.Ended job = new FoundJob.Ended(ended.job());
        String requestId = requestId(job.id());
        JobAnswers.Showing showing = switch (as) {
            case AS_ASKED -> (of, task, picture) -> reads.read(() -> pictures.ofKept(of, task, picture));
            case ADDRESSES -> (of, task, picture) -> pictures.address(of.account(), task, picture);
        };
        Optional<ApiError> error = JobAnswers.error(job);
        if (error.isEmpty()) {
            Instant completedAt = ended.job().completedAt();
            return new OutputLine.Response(OK, requestId, JobAnswers.of(job, ended.textTokens(), completedAt, showing));
        }
        ErrorBody body = ErrorBody.of(error.get());
        List<ImagesResponse.Datum> finished = JobAnswers.pictures(job, showing);
        return new OutputLine.Response(
                error.get().kind().status(),
                requestId,
                finished.isEmpty() ? body : new OutputLine.Partial(body.error(), finished));
    }

    private static String requestId(JobId job) {
        return "req_" + job.value().replaceFirst("^job_", "");
    }

    /** The place that an id of the batch's output tells, if it is one. */
    static Optional<Integer> place(BatchId batch, String id) {
        Matcher matcher = ID.matcher(id);
        return matcher.matches() && matcher.group(1).equals(batch.unique())
                ? Optional.of(Integer.parseInt(matcher.group(2)))
                : Optional.empty();
    }
}
