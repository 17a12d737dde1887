package dev.thunderhead.frontend.queue;

import dev.thunderhead.job.Account;
import dev.thunderhead.job.JobDescription;
import dev.thunderhead.job.JobId;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The jobs of which some task is open, and those that lately were. A job without open tasks has ended, or nobody here
 * knows its other tasks: they ended long ago, or their records are still to come. Either way it is forgotten after a
 * while, and what stands in the store tells the rest. Not thread-safe: guarded by the lock of {@link OpenTasks}.
 */
final class JobBook {
    /** More than end while the finisher records one job in the store. */
    private static final int REMEMBERED_TASKS = 50_000;

    private static final Duration REMEMBERED = Duration.ofMinutes(10);

    private final Map<JobId, JobEntry> jobs = new HashMap<>();
    /** By id, which is the newest first. */
    private final Map<Account, NavigableMap<String, JobEntry>> byAccount = new HashMap<>();
    /** Those without open tasks, and since when, the earliest first. */
    private final Map<JobEntry, Long> settled = new LinkedHashMap<>();

    private int settledTasks;

    Optional<JobEntry> find(JobId id) {
        return Optional.ofNullable(jobs.get(id));
    }

    /** The account's jobs behind that one, or all. */
    Collection<JobEntry> of(Account account, Optional<JobId> after) {
        NavigableMap<String, JobEntry> all = byAccount.get(account);
        if (all == null) {
            return List.of();
        }
        return after.isEmpty()
                ? all.values()
                : all.tailMap(after.get().value(), false).values();
    }

    /** The job's entry; made if there is none. Call {@link #changed} after it has changed. */
    JobEntry entry(JobId id, Account account, JobDescription job) {
        return jobs.computeIfAbsent(id, missing -> {
            JobEntry entry = new JobEntry(id, account, job);
            byAccount.computeIfAbsent(account, any -> new TreeMap<>()).put(id.value(), entry);
            return entry;
        });
    }

    /**
     * Keeps the entry as long as it is open, and for a while from now on when it is not.
     *
     * @param now monotonic, in nanoseconds
     */
    void changed(JobEntry entry, long now) {
        settledTasks -= settled.remove(entry) == null ? 0 : entry.size();
        if (!entry.isOpen()) {
            settled.put(entry, now);
            settledTasks += entry.size();
        }
        forget(now);
    }

    /** Jobs without open tasks of which some are unknown, and that has been so since before {@code time}. */
    List<JobEntry> uncertain(long time) {
        return settled.entrySet().stream()
                .takeWhile(entry -> entry.getValue() - time < 0)
                .map(Map.Entry::getKey)
                .filter(entry -> !entry.unknown().isEmpty())
                .toList();
    }

    private void forget(long now) {
        Iterator<Map.Entry<JobEntry, Long>> earliest = settled.entrySet().iterator();
        while (earliest.hasNext()) {
            Map.Entry<JobEntry, Long> next = earliest.next();
            if (settledTasks <= REMEMBERED_TASKS && now - next.getValue() <= REMEMBERED.toNanos()) {
                return;
            }
            earliest.remove();
            settledTasks -= next.getKey().size();
            drop(next.getKey());
        }
    }

    private void drop(JobEntry entry) {
        jobs.remove(entry.id());
        byAccount.computeIfPresent(entry.account(), (account, all) -> {
            all.remove(entry.id().value());
            return all.isEmpty() ? null : all;
        });
    }
}
