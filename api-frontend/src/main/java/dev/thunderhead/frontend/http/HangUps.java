package dev.thunderhead.frontend.http;

import dev.thunderhead.frontend.intake.JobIntake;
import dev.thunderhead.frontend.intake.OrphanedJobs;
import dev.thunderhead.frontend.job.FoundJob;
import dev.thunderhead.frontend.job.JobCanceller;
import dev.thunderhead.frontend.job.JobLookup;
import dev.thunderhead.job.JobId;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of a job whose client does not wait any more. It is left to the client's own retry; and when the client hung
 * up and does not come back, the job is called off, so that nothing is rendered for nobody. It goes on when its owner can
 * still hear of it: with an idempotency key or a callback. Thread-safe.
 */
final class HangUps {
    private static final Logger LOG = LoggerFactory.getLogger(HangUps.class);

    private final OrphanedJobs orphans;
    private final JobLookup lookup;
    private final JobCanceller canceller;
    private final BlockingWork blocking;
    private final Duration grace;

    /** @param grace how long a client that hung up may take to come back */
    HangUps(OrphanedJobs orphans, JobLookup lookup, JobCanceller canceller, BlockingWork blocking, Duration grace) {
        this.orphans = orphans;
        this.lookup = lookup;
        this.canceller = canceller;
        this.blocking = blocking;
        this.grace = grace;
    }

    /** The client is to be told that its job goes on without it; completes when its retry will find it. */
    Future<Void> left(Vertx vertx, JobIntake.Call call, JobId job) {
        return call.key().isEmpty() ? leave(vertx.getOrCreateContext(), orphan(call, job)) : Future.succeededFuture();
    }

    /** The client is gone. */
    void hungUp(Vertx vertx, JobIntake.Call call, JobId job) {
        if (call.key().isPresent()) {
            return;
        }
        Context loop = vertx.getOrCreateContext();
        OrphanedJobs.Orphan orphan = orphan(call, job);
        Future<Void> unused = leave(loop, orphan);
        if (call.request().options().callback().isEmpty()) {
            vertx.setTimer(
                    grace.toMillis(),
                    fired -> blocking.call(loop, () -> {
                                callOff(call, orphan);
                                return job;
                            })
                            .onFailure(problem ->
                                    LOG.warn("event=orphan_not_called_off job={} problem=\"{}\"", job, problem)));
        }
    }

    private static OrphanedJobs.Orphan orphan(JobIntake.Call call, JobId job) {
        return new OrphanedJobs.Orphan(call.caller().account(), call.fingerprint(), job, call.retries());
    }

    private Future<Void> leave(Context loop, OrphanedJobs.Orphan orphan) {
        return blocking.call(loop, () -> {
                    orphans.leave(orphan);
                    return orphan;
                })
                .onFailure(problem -> LOG.warn("event=job_not_left job={} problem=\"{}\"", orphan.job(), problem))
                .mapEmpty();
    }

    // Whoever takes the orphan decides: a retry, on any frontend, or this.
    private void callOff(JobIntake.Call call, OrphanedJobs.Orphan orphan) throws IOException {
        if (!orphans.take(orphan)) {
            return;
        }
        Optional<FoundJob> job = lookup.find(orphan.account(), orphan.job());
        if (job.isPresent() && job.get() instanceof FoundJob.Open) {
            CompletableFuture<Void> unused = canceller.tell(canceller.cancel(
                    orphan.job(),
                    orphan.account(),
                    job.get().job(),
                    "the client hung up and did not come back",
                    call.trace()));
            LOG.info("event=orphan_called_off job={}", orphan.job());
        }
    }
}
