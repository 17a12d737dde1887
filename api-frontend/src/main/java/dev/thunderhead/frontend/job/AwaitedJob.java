package dev.thunderhead.frontend.job;

import dev.thunderhead.job.JobId;
import java.util.concurrent.CompletableFuture;

/** Waits for a job's end. Thread-safe. */
public final class AwaitedJob implements AutoCloseable {
    private final KnownJobs jobs;
    private final JobId id;
    private final CompletableFuture<JobState> end = new CompletableFuture<>();
    private final JobNews.Subscription subscription;

    /** Listens from now on; what has ended already is seen as well. */
    public AwaitedJob(KnownJobs jobs, JobNews news, JobId id) {
        this.jobs = jobs;
        this.id = id;
        // First listen, then look, or an end between the two would be missed.
        this.subscription = news.subscribe(id, this::heard);
        look();
    }

    private void heard(News news) {
        if (news instanceof News.Ended) {
            look();
        }
    }

    private void look() {
        jobs.find(id).filter(JobState::isFinished).ifPresent(end::complete);
    }

    /** Completes with the finished job; never by itself with a failure. */
    public CompletableFuture<JobState> end() {
        return end;
    }

    /** Stops listening. */
    @Override
    public void close() {
        subscription.close();
    }
}
