package dev.thunderhead.frontend.job;

import dev.thunderhead.job.JobId;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes on the ends of tasks to whoever waits for their job, any number of them. Thread-safe; listeners run on the
 * thread that tells, and must not block it.
 */
public final class JobNews {
    private static final Logger LOG = LoggerFactory.getLogger(JobNews.class);

    private final ConcurrentMap<JobId, List<Consumer<Ending>>> listeners = new ConcurrentHashMap<>();

    /** Ends a subscription; more often does no harm. */
    @FunctionalInterface
    public interface Subscription extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Listens for the ends of a job's tasks from now on: subscribe before the job is submitted, or look afterwards at
     * what has ended already. An end may be told more than once.
     */
    public Subscription subscribe(JobId job, Consumer<Ending> listener) {
        listeners.compute(job, (id, present) -> {
            List<Consumer<Ending>> all = present == null ? new CopyOnWriteArrayList<>() : present;
            all.add(listener);
            return all;
        });
        return () -> listeners.computeIfPresent(job, (id, present) -> {
            present.remove(listener);
            return present.isEmpty() ? null : present;
        });
    }

    /** Tells all who listen for the ended task's job. */
    public void tell(Ending ending) {
        for (Consumer<Ending> listener :
                listeners.getOrDefault(ending.event().id().job(), List.of())) {
            try {
                listener.accept(ending);
            } catch (RuntimeException problem) {
                LOG.error("event=listener_failed job={}", ending.event().id().job(), problem);
            }
        }
    }

    /** How many jobs are waited for. */
    public int awaited() {
        return listeners.size();
    }
}
