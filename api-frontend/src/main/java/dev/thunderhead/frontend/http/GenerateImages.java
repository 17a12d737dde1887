package dev.thunderhead.frontend.http;

import dev.thunderhead.frontend.answer.JobAnswers;
import dev.thunderhead.frontend.error.ApiError;
import dev.thunderhead.frontend.error.ApiException;
import dev.thunderhead.frontend.intake.JobIntake;
import dev.thunderhead.frontend.job.FoundJob;
import dev.thunderhead.frontend.job.JobState;
import dev.thunderhead.frontend.job.KnownJobs;
import dev.thunderhead.job.JobId;
import dev.thunderhead.wire.Json;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Optional;

/**
 * {@code POST /v1/images/generations}. Synchronously the request becomes a job in the interactive lane, and the answer is
 * sent when all its tasks have ended, wherever they were rendered, or, as a stream, while they are. With
 * {@code Prefer: respond-async} or {@code wait=N} it becomes an asynchronous job.
 */
final class GenerateImages implements Handler<RoutingContext> {
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final Duration MOMENT = Duration.ofMillis(10);

    private final JobRequests requests;
    private final JobWaits waits;
    private final JobAnswers answers;
    private final AsynchronousAnswers asynchronous;
    private final HangUps hangUps;
    private final StreamImages streams;
    private final KnownJobs known;
    private final Duration maxWait;
    private final BlockingWork blocking;

    /** @param maxWait after which the client is told that the job goes on without it */
    GenerateImages(
            JobRequests requests,
            JobWaits waits,
            JobAnswers answers,
            AsynchronousAnswers asynchronous,
            HangUps hangUps,
            StreamImages streams,
            KnownJobs known,
            Duration maxWait,
            BlockingWork blocking) {
        this.requests = requests;
        this.waits = waits;
        this.answers = answers;
        this.asynchronous = asynchronous;
        this.hangUps = hangUps;
        this.streams = streams;
        this.known = known;
        this.maxWait = maxWait;
        this.blocking = blocking;
    }

    @Override
    public void handle(RoutingContext context) {
        Preference preference = Preference.of(context.request().headers().getAll(Preference.HEADER));
        if (preference.isAsynchronous()) {
            submit(context, preference);
        } else {
            render(context);
        }
    }

    private void submit(RoutingContext context, Preference preference) {
        JobIntake.Call call = requests.asynchronous(context);
        AsynchronousAnswers.requireNoStream(call.request());
        requests.take(context, call)
                .compose(taken -> asynchronous.await(context, taken, preference))
                .compose(job -> job instanceof FoundJob.Ended ended
                        ? answer(context, call, ended, Optional.of(preference))
                        : asynchronous.accepted(context, job, preference))
                .onFailure(context::fail);
    }

    private void render(RoutingContext context) {
        JobIntake.Call call = requests.waiting(context);
        if (call.request().options().stream()) {
            stream(context, call);
            return;
        }
        Duration patience = ClientTimeout.of(context.request(), maxWait);
        Exchange exchange = Exchange.of(context);
        requests.take(context, call)
                .onSuccess(taken -> watch(context, call, taken.id()))
                .compose(taken -> waits.find(context, taken))
                .compose(job -> waits.await(context, job, left(patience, exchange)))
                .compose(job -> job instanceof FoundJob.Ended ended
                        ? answer(context, call, ended, Optional.empty())
                        : late(context, call, job))
                .onFailure(context::fail);
    }

    /** What is left of the client's patience, at least a moment. */
    private static Duration left(Duration patience, Exchange exchange) {
        Duration left = patience.minusNanos(exchange.elapsed());
        return left.compareTo(MOMENT) < 0 ? MOMENT : left;
    }

    private void stream(RoutingContext context, JobIntake.Call call) {
        requests.take(context, call)
                .onSuccess(taken -> watch(context, call, taken.id()))
                .compose(taken -> waits.find(context, taken))
                .compose(job -> streams.stream(context, call.request(), job))
                .onFailure(context::fail);
    }

    private void watch(RoutingContext context, JobIntake.Call call, JobId job) {
        if (context.response().closed()) {
            hangUps.hungUp(context.vertx(), call, job);
            return;
        }
        context.addEndHandler(done -> {
            if (done.failed()) {
                hangUps.hungUp(context.vertx(), call, job);
            }
        });
    }

    // Left first, then told: the client's SDK may be back in half a second.
    private Future<Void> late(RoutingContext context, JobIntake.Call call, FoundJob job) {
        ApiException error = ApiError.unavailable(
                        "still_rendering",
                        "the job " + job.id() + " has not ended yet and goes on; ask GET /v1/jobs/" + job.id()
                                + ", or send the same request again",
                        SOON)
                .asException();
        return hangUps.left(context.vertx(), call, job.id()).transform(left -> Future.failedFuture(error));
    }

    private Future<Void> answer(
            RoutingContext context, JobIntake.Call call, FoundJob.Ended job, Optional<Preference> preference) {
        return blocking.call(
                        context.vertx().getOrCreateContext(),
                        () -> Buffer.buffer(Json.bytes(answers.of(call.request(), job))))
                .onSuccess(body -> send(context, job, body, preference))
                .mapEmpty();
    }

    private void send(RoutingContext context, FoundJob.Ended job, Buffer body, Optional<Preference> preference) {
        HttpServerResponse response = context.response();
        if (response.closed() || response.ended()) {
            return;
        }
        preference.ifPresent(applied -> response.putHeader(Preference.APPLIED, applied.applied()));
        Duration total = Duration.ofNanos(Exchange.of(context).elapsed());
        known.find(job.id())
                .flatMap(JobState::lastEnd)
                .flatMap(last -> ServerTiming.of(last, total))
                .ifPresent(timing -> response.putHeader(ServerTiming.HEADER, timing));
        response.putHeader("content-type", "application/json").end(body);
    }
}
