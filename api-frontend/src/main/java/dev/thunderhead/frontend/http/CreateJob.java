package dev.thunderhead.frontend.http;

import dev.thunderhead.frontend.intake.JobIntake;
import dev.thunderhead.frontend.job.FoundJob;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;

/**
 * {@code POST /v1/jobs}: the body of {@code POST /v1/images/generations}, answered with 202 and the job. With
 * {@code Prefer: wait=N} the answer waits up to N seconds, and is a 200 when the job has ended by then.
 */
final class CreateJob implements Handler<RoutingContext> {
    private final JobRequests requests;
    private final AsynchronousAnswers answers;

    CreateJob(JobRequests requests, AsynchronousAnswers answers) {
        this.requests = requests;
        this.answers = answers;
    }

    @Override
    public void handle(RoutingContext context) {
        Preference preference = Preference.of(context.request().headers().getAll(Preference.HEADER));
        JobIntake.Call call = requests.asynchronous(context);
        AsynchronousAnswers.requireNoStream(call.request());
        requests.take(context, call)
                .compose(taken -> answers.await(context, taken, preference))
                .compose(job -> job instanceof FoundJob.Ended
                        ? answers.ended(context, job, preference)
                        : answers.accepted(context, job, preference))
                .onFailure(context::fail);
    }
}
