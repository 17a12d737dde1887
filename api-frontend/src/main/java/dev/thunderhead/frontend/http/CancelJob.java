package dev.thunderhead.frontend.http;

import dev.thunderhead.frontend.error.ApiError;
import dev.thunderhead.frontend.error.ErrorKind;
import dev.thunderhead.frontend.job.FoundJob;
import dev.thunderhead.frontend.job.JobEnding;
import dev.thunderhead.job.JobId;
import dev.thunderhead.job.Outcome;
import java.io.IOException;
import java.util.Locale;

/**
 * {@code POST /v1/jobs/{id}/cancel}: queued pictures are never rendered, running ones stop before their next step, and what
 * is finished is kept. Doing it again changes nothing. 409 when the job had ended before.
 */
final class CancelJob implements JsonAnswer.Action {
    private final JobEnding ending;
    private final JobResources resources;

    CancelJob(JobEnding ending, JobResources resources) {
        this.ending = ending;
        this.resources = resources;
    }

    @Override
    public Object answer(Question question) throws IOException {
        JobId id = JobWaits.id(question);
        FoundJob.Ended job = ending.cancel(question.account(), id, question.traceparent())
                .orElseThrow(() -> JobWaits.absent(id.value()));
        // One of which a picture failed is failed, also when the others were called off.
        if (job.record().outcomes().stream().noneMatch(Outcome.Cancelled.class::isInstance)) {
            throw ApiError.of(
                            ErrorKind.CONFLICT,
                            "job_already_finished",
                            "the job " + id + " has already ended: it is "
                                    + job.status().name().toLowerCase(Locale.ROOT))
                    .withoutRetry()
                    .asException();
        }
        return resources.full(job);
    }
}
