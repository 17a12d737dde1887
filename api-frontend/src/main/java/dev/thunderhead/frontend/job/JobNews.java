package dev.thunderhead.frontend.job;

import dev.thunderhead.job.JobId;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes on what happens to tasks to whoever listens for their job, any number of them. Thread-safe; listeners run on the
 * thread that tells, and must not block it.
 */
public final class JobNews {
    private static final Logger LOG = LoggerFactory.getLogger(JobNews.class);

    private final ConcurrentMap<JobId, Set<Consumer<News>>> listeners = new ConcurrentHashMap<>();

    /** Ends a subscription; more often does no harm. */
    @FunctionalInterface
    public interface Subscription extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Listens for what happens to a job's tasks from now on: subscribe before the job is submitted, or look afterwards at
     * what has happened already. An end may be told more than once.
     */
    public Subscription subscribe(JobId job, Consumer<News> listener) {
        listeners.compute(job, (id, present) -> {
            Set<Consumer<News>> all = present == null ? ConcurrentHashMap.newKeySet() : present;
            all.add(listener);
            return all;
        });
        return () -> listeners.computeIfPresent(job, (id, present) -> {
            present.remove(listener);
            return present.isEmpty() ? null : present;
        });
    }

    /** Tells all who listen for that job. */
    public void tell(News news) {
        for (Consumer<News> listener : listeners.getOrDefault(news.job(), Set.of())) {
            try {
                listener.accept(news);
            } catch (RuntimeException problem) {
                LOG.error("event=listener_failed job={}", news.job(), problem);
            }
        }
    }

    /** How many jobs are waited for. */
    public int awaited() {
        return listeners.size();
    }
}
