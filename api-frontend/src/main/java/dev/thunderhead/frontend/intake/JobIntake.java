package dev.thunderhead.frontend.intake;

import dev.thunderhead.frontend.account.KeyEntry;
import dev.thunderhead.frontend.error.ApiError;
import dev.thunderhead.frontend.error.ApiException;
import dev.thunderhead.frontend.job.Job;
import dev.thunderhead.frontend.job.JobFactory;
import dev.thunderhead.frontend.job.JobLookup;
import dev.thunderhead.frontend.job.JobSubmitter;
import dev.thunderhead.frontend.job.Submission;
import dev.thunderhead.frontend.job.TraceContext;
import dev.thunderhead.frontend.lifecycle.CrashPoint;
import dev.thunderhead.frontend.queue.Admission;
import dev.thunderhead.frontend.request.CallbackUrls;
import dev.thunderhead.frontend.request.GenerationRequest;
import dev.thunderhead.job.Account;
import dev.thunderhead.job.Callback;
import dev.thunderhead.job.JobId;
import dev.thunderhead.job.Lane;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Makes jobs of requests, one of each, also when a request comes several times: with an idempotency key on any frontend and
 * across crashes, and without one when a client's SDK tries again after a timeout. Thread-safe.
 */
public final class JobIntake {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

    private final JobFactory factory;
    private final JobSubmitter submitter;
    private final JobLookup lookup;
    private final IdempotencyKeys keys;
    private final OrphanedJobs orphans;
    private final Admission admission;
    private final CallbackUrls urls;
    private final Duration produceTimeout;

    /** @param produceTimeout within which a job that was begun to be queued is queued, or will not be */
    public JobIntake(
            JobFactory factory,
            JobSubmitter submitter,
            JobLookup lookup,
            IdempotencyKeys keys,
            OrphanedJobs orphans,
            Admission admission,
            CallbackUrls urls,
            Duration produceTimeout) {
        this.factory = factory;
        this.submitter = submitter;
        this.lookup = lookup;
        this.keys = keys;
        this.orphans = orphans;
        this.admission = admission;
        this.urls = urls;
        this.produceTimeout = produceTimeout;
    }

    /**
     * A request for a job.
     *
     * @param retries how often the client's SDK has sent it before, by its own account
     */
    public record Call(
            KeyEntry caller,
            Lane lane,
            GenerationRequest request,
            Fingerprint fingerprint,
            Optional<IdempotencyKey> key,
            int retries,
            TraceContext trace) {
        Account account() {
            return caller.account();
        }
    }

    /**
     * The job that a request has become.
     *
     * @param fresh the job, if this very request made it; empty when it was there already
     * @param submission what became of queueing it
     */
    public record Taken(JobId id, Optional<Job> fresh, CompletableFuture<Submission> submission) {
        private static Taken existing(JobId id) {
            return new Taken(id, Optional.empty(), CompletableFuture.completedFuture(new Submission.Accepted()));
        }
    }

    /**
     * Takes a request. Blocks for the store where there is a key or a retry, and while the journal cannot be reached.
     *
     * @throws ApiException when it is refused; nothing is queued then
     * @throws IOException when the store cannot be reached; nothing is queued then
     */
    public Taken take(Call call) throws IOException {
        call.request().options().callback().map(Callback::url).ifPresent(this::checkHost);
        if (call.key().isPresent()) {
            return takeOnce(call, call.key().get());
        }
        Optional<JobId> orphan =
                call.retries() > 0 ? orphans.take(call.account(), call.fingerprint()) : Optional.empty();
        return orphan.isPresent() ? Taken.existing(orphan.get()) : queue(call);
    }

    private void checkHost(String url) {
        try {
            urls.checkHost(url);
        } catch (IllegalArgumentException problem) {
            throw ApiError.invalid("webhook_url", "webhook_url " + problem.getMessage())
                    .asException();
        }
    }

    private Taken queue(Call call) {
        admit(call);
        Job job = factory.create(call.account(), call.lane(), call.request(), call.trace());
        return new Taken(job.id(), Optional.of(job), submitter.submit(job));
    }

    private void admit(Call call) {
        if (admission.judge(call.caller(), call.lane(), call.request().count())
                instanceof Admission.Verdict.Refused refused) {
            throw refused.error().asException();
        }
    }

    private Taken takeOnce(Call call, IdempotencyKey key) throws IOException {
        Optional<IdempotencyKeys.Entry> used = keys.find(call.account(), key);
        if (used.isPresent()) {
            return repeated(call, key, used.get());
        }
        admit(call);
        Job job = factory.create(call.account(), call.lane(), call.request(), call.trace());
        IdempotencyKeys.Entry fresh =
                new IdempotencyKeys.Entry(call.fingerprint(), job.id().value(), job.seed(), job.createdAt());
        IdempotencyKeys.Entry stands = keys.claim(call.account(), key, fresh);
        if (!stands.equals(fresh)) {
            return repeated(call, key, stands);
        }
        CrashPoint.KEY_WRITTEN.reached();
        return queue(call, key, job);
    }

    private Taken queue(Call call, IdempotencyKey key, Job job) {
        CompletableFuture<Submission> submission = submitter.submit(job, () -> keys.release(call.account(), key));
        return new Taken(job.id(), Optional.of(job), submission);
    }

    private Taken repeated(Call call, IdempotencyKey key, IdempotencyKeys.Entry used) throws IOException {
        used.requireSame(call.fingerprint());
        JobId id = new JobId(used.resource());
        if (isKnown(call.account(), id, used.createdAt().plus(produceTimeout).plus(LOOK_AGAIN))) {
            return Taken.existing(id);
        }
        // Whoever used the key crashed before the job was queued. If it was only slow, its tasks are queued twice,
        // which
        // costs a render and changes nothing.
        return queue(
                call, key, factory.again(id, used.seed(), call.account(), call.lane(), call.request(), call.trace()));
    }

    /** Whether the job is known; one that somebody may just be queueing is waited for. */
    private boolean isKnown(Account account, JobId id, Instant until) throws IOException {
        while (lookup.find(account, id).isEmpty()) {
            if (!factory.now().isBefore(until)) {
                return false;
            }
            try {
                Thread.sleep(LOOK_AGAIN.toMillis());
            } catch (InterruptedException interrupt) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while looking for " + id, interrupt);
            }
        }
        return true;
    }
}
