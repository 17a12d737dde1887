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
import java.util.concurrent.Semaphore;

/**
 * Makes jobs of requests, one of each, also when a request comes several times: with an idempotency key on any frontend and
 * across crashes, and without one when a client's SDK tries again after a timeout. Thread-safe.
 */
public final class JobIntake {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);
    private static final int HOST_CHECKS = 16;

    private final JobFactory factory;
    private final JobSubmitter submitter;
    private final JobLookup lookup;
    private final IdempotencyKeys keys;
    private final OrphanedJobs orphans;
    private final Admission admission;
    private final CallbackUrls urls;
    private final Duration settled;
    private final Semaphore hostChecks = new Semaphore(HOST_CHECKS);

    /** @param settled within which a job that was begun to be queued is queued, or will not be */
    public JobIntake(
            JobFactory factory,
            JobSubmitter submitter,
            JobLookup lookup,
            IdempotencyKeys keys,
            OrphanedJobs orphans,
            Admission admission,
            CallbackUrls urls,
            Duration settled) {
        this.factory = factory;
        this.submitter = submitter;
        this.lookup = lookup;
        this.keys = keys;
        this.orphans = orphans;
        this.admission = admission;
        this.urls = urls;
        this.settled = settled;
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
        if (call.key().isPresent()) {
            return takeOnce(call, call.key().get());
        }
        Optional<JobId> orphan =
                call.retries() > 0 ? orphans.take(call.account(), call.fingerprint()) : Optional.empty();
        if (orphan.isPresent()) {
            return Taken.existing(orphan.get());
        }
        admit(call);
        Job job = factory.create(call.account(), call.lane(), call.request(), call.trace());
        return new Taken(job.id(), Optional.of(job), submitter.submit(job));
    }

    private void admit(Call call) {
        call.request().options().callback().map(Callback::url).ifPresent(this::checkHost);
        if (admission.judge(call.caller(), call.lane(), call.request().count())
                instanceof Admission.Verdict.Refused refused) {
            throw refused.error().asException();
        }
    }

    // A name server may keep us waiting, so only a few wait at a time. Who finds no room goes on: the call itself is
    // judged again, and before that nothing is reached.
    private void checkHost(String url) {
        if (!hostChecks.tryAcquire()) {
            return;
        }
        try {
            urls.checkHost(url);
        } catch (IllegalArgumentException problem) {
            throw ApiError.invalid("webhook_url", "webhook_url " + problem.getMessage())
                    .asException();
        } finally {
            hostChecks.release();
        }
    }

    private Taken takeOnce(Call call, IdempotencyKey key) throws IOException {
        while (true) {
            Optional<IdempotencyKeys.Entry> used = keys.find(call.account(), key);
            Optional<Taken> taken = used.isPresent() ? repeated(call, key, used.get()) : claimed(call, key);
            if (taken.isPresent()) {
                return taken.get();
            }
            pause();
        }
    }

    /** Nobody has used the key; empty when somebody else was faster. */
    private Optional<Taken> claimed(Call call, IdempotencyKey key) throws IOException {
        admit(call);
        Job job = factory.create(call.account(), call.lane(), call.request(), call.trace());
        IdempotencyKeys.Entry fresh = entry(call, job, job.createdAt());
        if (!keys.claim(call.account(), key, fresh).equals(fresh)) {
            return Optional.empty();
        }
        CrashPoint.KEY_WRITTEN.reached();
        return Optional.of(queue(call, key, fresh, job));
    }

    /** The key was used before; empty while its job may just be on its way. */
    private Optional<Taken> repeated(Call call, IdempotencyKey key, IdempotencyKeys.Entry used) throws IOException {
        used.requireSame(call.fingerprint());
        JobId id = new JobId(used.resource());
        if (lookup.isQueued(call.account(), id)) {
            return Optional.of(Taken.existing(id));
        }
        return factory.now().isBefore(used.takenAt().plus(settled)) ? Optional.empty() : takenOver(call, key, used, id);
    }

    /**
     * Whoever used the key crashed before the job was queued, or before all of it was: then it is queued once more, by one
     * of all who come for it. What was queued already is queued twice, which costs a render and changes nothing.
     */
    private Optional<Taken> takenOver(Call call, IdempotencyKey key, IdempotencyKeys.Entry used, JobId id)
            throws IOException {
        admit(call);
        // A job that was called off stays so: it needs a successor.
        Job job = lookup.hasOutcome(call.account(), id)
                ? factory.create(call.account(), call.lane(), call.request(), call.trace())
                : factory.again(id, used.seed(), call.account(), call.lane(), call.request(), call.trace());
        IdempotencyKeys.Entry next = entry(call, job, used.createdAt());
        return keys.replace(call.account(), key, used, next)
                ? Optional.of(queue(call, key, next, job))
                : Optional.empty();
    }

    private IdempotencyKeys.Entry entry(Call call, Job job, Instant createdAt) {
        return new IdempotencyKeys.Entry(call.fingerprint(), job.id().value(), job.seed(), createdAt, factory.now());
    }

    private Taken queue(Call call, IdempotencyKey key, IdempotencyKeys.Entry entry, Job job) {
        CompletableFuture<Submission> submission =
                submitter.submit(job, () -> keys.release(call.account(), key, entry));
        return new Taken(job.id(), Optional.of(job), submission);
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(LOOK_AGAIN.toMillis());
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for another request with the same key", interrupt);
        }
    }
}
