package dev.thunderhead.frontend.http;

import dev.thunderhead.job.JobId;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Optional;

/**
 * {@code GET /v1/jobs/{id}}: the job as it is now. With {@code ?wait=N} the answer waits up to N seconds for the job's end
 * (a long poll), and comes at once when it has ended.
 */
final class RetrieveJob implements Handler<RoutingContext> {
    private static final String WAIT = "wait";

    private final JobWaits waits;
    private final AsynchronousAnswers answers;

    RetrieveJob(JobWaits waits, AsynchronousAnswers answers) {
        this.waits = waits;
        this.answers = answers;
    }

    @Override
    public void handle(RoutingContext context) {
        Duration time = Optional.ofNullable(context.request().getParam(WAIT))
                .map(text -> Preference.seconds(WAIT, text))
                .orElse(Duration.ZERO);
        JobId id = JobWaits.id(context);
        waits.find(context, id)
                .compose(job -> waits.await(context, job, time))
                .compose(job -> answers.show(context, job))
                .onFailure(context::fail);
    }
}
