package dev.thunderhead.frontend.http;

import dev.thunderhead.frontend.error.ApiError;
import dev.thunderhead.frontend.error.ErrorKind;
import dev.thunderhead.frontend.job.FoundJob;
import dev.thunderhead.frontend.job.JobEnding;
import dev.thunderhead.job.Account;
import dev.thunderhead.job.JobId;
import dev.thunderhead.job.JobStatus;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;

/**
 * {@code POST /v1/jobs/{id}/cancel}: queued pictures are never rendered, running ones stop before their next step, and what
 * is finished is kept. Doing it again changes nothing. 409 when the job had ended before.
 */
final class CancelJob implements Handler<RoutingContext> {
    private final JobEnding ending;
    private final AsynchronousAnswers answers;
    private final BlockingWork blocking;

    CancelJob(JobEnding ending, AsynchronousAnswers answers, BlockingWork blocking) {
        this.ending = ending;
        this.answers = answers;
        this.blocking = blocking;
    }

    @Override
    public void handle(RoutingContext context) {
        JobId id = JobWaits.id(context);
        Account account = Exchange.of(context).knownCaller().account();
        String traceparent = context.request().getHeader("traceparent");
        blocking.call(context.vertx().getOrCreateContext(), () -> cancelled(account, id, traceparent))
                .compose(job -> answers.show(context, job))
                .onFailure(context::fail);
    }

    private FoundJob.Ended cancelled(Account account, JobId id, @org.jspecify.annotations.Nullable String traceparent)
            throws IOException {
        FoundJob.Ended job = ending.cancel(account, id, traceparent).orElseThrow(() -> JobWaits.absent(id.value()));
        if (job.status() != JobStatus.CANCELLED) {
            throw ApiError.of(
                            ErrorKind.CONFLICT,
                            "job_already_finished",
                            "the job " + id + " has already ended: it is "
                                    + job.status().name().toLowerCase(java.util.Locale.ROOT))
                    .withoutRetry()
                    .asException();
        }
        return job;
    }
}
