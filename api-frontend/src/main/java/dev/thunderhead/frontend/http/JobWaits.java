package dev.thunderhead.frontend.http;

import dev.thunderhead.frontend.error.ApiError;
import dev.thunderhead.frontend.error.ApiException;
import dev.thunderhead.frontend.error.ErrorKind;
import dev.thunderhead.frontend.intake.JobIntake;
import dev.thunderhead.frontend.job.AwaitedJob;
import dev.thunderhead.frontend.job.FoundJob;
import dev.thunderhead.frontend.job.Job;
import dev.thunderhead.frontend.job.JobLookup;
import dev.thunderhead.frontend.job.JobNews;
import dev.thunderhead.frontend.job.JobState;
import dev.thunderhead.frontend.job.KnownJobs;
import dev.thunderhead.job.Account;
import dev.thunderhead.job.JobId;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Finds jobs for requests, and lets requests wait for them: each costs some memory then, and no thread. Thread-safe. */
final class JobWaits {
    /** The variable part of a job's path. */
    static final String ID = "id";

    private final KnownJobs known;
    private final JobNews news;
    private final JobLookup lookup;
    private final BlockingWork blocking;

    JobWaits(KnownJobs known, JobNews news, JobLookup lookup, BlockingWork blocking) {
        this.known = known;
        this.news = news;
        this.lookup = lookup;
        this.blocking = blocking;
    }

    /**
     * The answer to an id that is not the caller's: the same whether it is another account's or nobody's.
     */
    static ApiException absent(String id) {
        return ApiError.of(ErrorKind.NOT_FOUND, "job_not_found", "there is no job " + ApiError.shown(id))
                .asException();
    }

    /** The job that a path names, if it is the caller's. */
    static JobId id(RoutingContext context) {
        return id(context.pathParam(ID));
    }

    static JobId id(Question question) {
        return id(question.part(ID).orElseThrow());
    }

    private static JobId id(String text) {
        return JobId.parse(text).orElseThrow(() -> absent(text));
    }

    /** The caller's job; fails with {@link #absent} when there is none. */
    Future<FoundJob> find(RoutingContext context, JobId id) {
        Account account = Exchange.of(context).knownCaller().account();
        return blocking.call(
                context.vertx().getOrCreateContext(),
                () -> lookup.find(account, id).orElseThrow(() -> absent(id.value())));
    }

    /** The job that a request was taken as: a fresh one needs no looking for. */
    Future<FoundJob> find(RoutingContext context, JobIntake.Taken taken) {
        return taken.fresh().isPresent()
                ? Future.succeededFuture(new FoundJob.Open(queued(taken.fresh().get())))
                : find(context, taken.id());
    }

    private static JobState queued(Job job) {
        return new JobState(
                job.id(),
                job.account(),
                job.description(),
                Collections.nCopies(job.request().count(), new JobState.TaskState.Queued()));
    }

    /** Waits until the job has ended, and completes with what is known then, or when the time is over. */
    Future<FoundJob> await(RoutingContext context, FoundJob job, Duration time) {
        if (job instanceof FoundJob.Ended || time.isZero()) {
            return Future.succeededFuture(job);
        }
        Context loop = context.vertx().getOrCreateContext();
        AwaitedJob awaited = new AwaitedJob(known, news, job.id());
        context.addEndHandler(done -> awaited.close());
        return Future.fromCompletionStage(awaited.end(), loop)
                .timeout(time.toMillis(), TimeUnit.MILLISECONDS)
                .map(FoundJob::of)
                .recover(problem -> problem instanceof TimeoutException
                        ? Future.succeededFuture(
                                known.find(job.id()).map(FoundJob::of).orElse(job))
                        : Future.failedFuture(problem))
                .onComplete(done -> awaited.close());
    }
}
