package dev.thunderhead.frontend.http;

import dev.thunderhead.frontend.error.ApiError;
import dev.thunderhead.frontend.intake.JobIntake;
import dev.thunderhead.frontend.job.FoundJob;
import dev.thunderhead.frontend.request.GenerationRequest;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;

/** Answers about jobs that go on after the answer. Thread-safe. */
final class AsynchronousAnswers {
    private static final int ACCEPTED = 202;

    private final JobWaits waits;
    private final JobResources resources;

    AsynchronousAnswers(JobWaits waits, JobResources resources) {
        this.waits = waits;
        this.resources = resources;
    }

    /** A stream is an answer that waits. */
    static void requireNoStream(GenerationRequest request) {
        if (request.options().stream()) {
            throw ApiError.invalid(
                            "stream",
                            "stream does not go with an asynchronous job; watch GET /v1/jobs/{id}/events instead")
                    .asException();
        }
    }

    /** Waits for the job for as long as the client prefers. */
    Future<FoundJob> await(RoutingContext context, JobIntake.Taken taken, Preference preference) {
        Duration time = preference.time().orElse(Duration.ZERO);
        return waits.find(context, taken).compose(job -> waits.await(context, job, time));
    }

    /** Tells the client where to ask for the job. */
    Future<Void> accepted(RoutingContext context, FoundJob job, Preference preference) {
        context.response().setStatusCode(ACCEPTED).putHeader("location", ApiRoutes.JOBS + "/" + job.id());
        return ended(context, job, preference);
    }

    /** Shows a job that has ended while the client waited. */
    Future<Void> ended(RoutingContext context, FoundJob job, Preference preference) {
        if (preference.isAsynchronous()) {
            context.response().putHeader(Preference.APPLIED, preference.applied());
        }
        return show(context, job);
    }

    /** Shows the job as it is now. */
    Future<Void> show(RoutingContext context, FoundJob job) {
        return resources
                .show(context, job)
                .onSuccess(body -> send(context, body))
                .mapEmpty();
    }

    private static void send(RoutingContext context, Buffer body) {
        HttpServerResponse response = context.response();
        if (!response.closed() && !response.ended()) {
            response.putHeader("content-type", "application/json").end(body);
        }
    }
}
