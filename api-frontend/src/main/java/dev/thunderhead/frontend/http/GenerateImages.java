package dev.thunderhead.frontend.http;

import dev.thunderhead.frontend.account.KeyEntry;
import dev.thunderhead.frontend.account.RateLimiter;
import dev.thunderhead.frontend.error.ApiError;
import dev.thunderhead.frontend.job.AwaitedJob;
import dev.thunderhead.frontend.job.Job;
import dev.thunderhead.frontend.job.JobFactory;
import dev.thunderhead.frontend.job.JobNews;
import dev.thunderhead.frontend.job.JobState;
import dev.thunderhead.frontend.job.JobSubmitter;
import dev.thunderhead.frontend.job.KnownJobs;
import dev.thunderhead.frontend.job.Submission;
import dev.thunderhead.frontend.metrics.FrontendMetrics;
import dev.thunderhead.frontend.queue.Admission;
import dev.thunderhead.frontend.request.GenerationRequest;
import dev.thunderhead.frontend.request.GenerationRequestParser;
import dev.thunderhead.job.Lane;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * {@code POST /v1/images/generations}, synchronously: the request becomes a job in the interactive lane, and the answer
 * is sent when all its tasks have ended, wherever they were rendered.
 */
final class GenerateImages implements Handler<RoutingContext> {
    /** Names the model that really paints, also when the request named an alias. */
    private static final String MODEL_HEADER = "x-thunderhead-model";
    /** Names the job, for support and for later questions. */
    private static final String JOB_HEADER = "x-thunderhead-job";

    private static final Duration SOON = Duration.ofSeconds(5);

    private final GenerationRequestParser parser;
    private final Gates gates;
    private final Jobs jobs;
    private final Duration maxWait;
    private final BlockingWork blocking;
    private final FrontendMetrics metrics;

    /** What a request has to pass before it becomes work. */
    record Gates(RateLimiter limiter, Admission admission) {}

    /** What a job passes through. */
    record Jobs(JobFactory factory, JobSubmitter submitter, KnownJobs known, JobNews news, JobAnswers answers) {}

    /** @param maxWait after which the client is told that the job goes on without it */
    GenerateImages(
            GenerationRequestParser parser,
            Gates gates,
            Jobs jobs,
            Duration maxWait,
            BlockingWork blocking,
            FrontendMetrics metrics) {
        this.parser = parser;
        this.gates = gates;
        this.jobs = jobs;
        this.maxWait = maxWait;
        this.blocking = blocking;
        this.metrics = metrics;
    }

    @Override
    public void handle(RoutingContext context) {
        KeyEntry caller = Exchange.of(context).knownCaller();
        holdToLimits(context, caller);
        GenerationRequest request = parser.parse(body(context));
        admit(caller, request);
        Job job = jobs.factory()
                .interactive(caller.account(), request, context.request().getHeader("traceparent"));
        context.response()
                .putHeader(MODEL_HEADER, request.model().id())
                .putHeader(JOB_HEADER, job.id().value());
        // Before the job is submitted, or its end might be told to nobody.
        AwaitedJob awaited = new AwaitedJob(jobs.known(), jobs.news(), job.id());
        context.addEndHandler(done -> awaited.close());
        render(context, job, awaited);
    }

    private static byte[] body(RoutingContext context) {
        Buffer body = context.body().buffer();
        return body == null ? new byte[0] : body.getBytes();
    }

    private void holdToLimits(RoutingContext context, KeyEntry caller) {
        RateLimiter.Verdict verdict = gates.limiter().request(caller);
        if (verdict instanceof RateLimiter.Verdict.Granted granted) {
            context.addEndHandler(done -> granted.release().run());
        } else if (verdict instanceof RateLimiter.Verdict.Refused refused) {
            metrics.refused("limit");
            throw refused.error().asException();
        }
    }

    private void admit(KeyEntry caller, GenerationRequest request) {
        if (gates.admission().judge(caller, Lane.INTERACTIVE, request.count())
                instanceof Admission.Verdict.Refused refused) {
            metrics.refused(refused.reason());
            throw refused.error().asException();
        }
    }

    private void render(RoutingContext context, Job job, AwaitedJob awaited) {
        Context loop = context.vertx().getOrCreateContext();
        blocking.call(loop, () -> jobs.submitter().submit(job))
                .compose(submission -> Future.fromCompletionStage(submission, loop))
                .compose(submission -> end(submission, job, awaited, loop))
                .compose(end -> answer(context, job, end, loop))
                .onFailure(context::fail);
    }

    private Future<Void> answer(RoutingContext context, Job job, JobState end, Context loop) {
        return blocking.call(loop, () -> jobs.answers().of(job.request(), end.record()))
                .onSuccess(body -> send(context, end, body))
                .mapEmpty();
    }

    private Future<JobState> end(Submission submission, Job job, AwaitedJob awaited, Context loop) {
        if (submission instanceof Submission.CalledOff) {
            return Future.failedFuture(
                    ApiError.unavailable("queue_unavailable", "the queue cannot be reached; nothing was queued", SOON)
                            .asException());
        }
        return Future.fromCompletionStage(awaited.end(), loop)
                .timeout(maxWait.toMillis(), TimeUnit.MILLISECONDS)
                .recover(problem -> Future.failedFuture(problem instanceof TimeoutException ? late(job) : problem));
    }

    private static RuntimeException late(Job job) {
        return ApiError.unavailable(
                        "still_rendering", "the job " + job.id() + " has not ended yet; try again later", SOON)
                .asException();
    }

    private static void send(RoutingContext context, JobState end, Buffer body) {
        HttpServerResponse response = context.response();
        if (response.closed() || response.ended()) {
            return;
        }
        Duration total = Duration.ofNanos(Exchange.of(context).elapsed());
        end.lastEnd()
                .flatMap(last -> ServerTiming.of(last, total))
                .ifPresent(timing -> response.putHeader(ServerTiming.HEADER, timing));
        response.putHeader("content-type", "application/json").end(body);
    }
}
