package dev.thunderhead.frontend.job;

import dev.thunderhead.job.JobId;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** Collects the ends of all of a job's tasks. Thread-safe by its own lock. */
public final class AwaitedJob implements AutoCloseable {
    private final int count;
    private final SortedMap<Integer, Ending> endings = new TreeMap<>();
    private final CompletableFuture<List<Ending>> all = new CompletableFuture<>();
    private final JobNews.Subscription subscription;

    /** Listens from now on: make it before the job is submitted. */
    public AwaitedJob(JobNews news, JobId job, int count) {
        this.count = count;
        this.subscription = news.subscribe(job, this::heard);
    }

    private void heard(Ending ending) {
        List<Ending> complete;
        synchronized (endings) {
            endings.putIfAbsent(ending.event().id().index(), ending);
            if (endings.size() < count) {
                return;
            }
            complete = List.copyOf(endings.values());
        }
        all.complete(complete);
    }

    /** Completes with every task's end, in order of index; never by itself with a failure. */
    public CompletableFuture<List<Ending>> endings() {
        return all;
    }

    /** Stops listening. */
    @Override
    public void close() {
        subscription.close();
    }
}
