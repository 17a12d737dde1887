package dev.thunderhead.render.work;

import dev.thunderhead.job.JobId;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The jobs that were called off lately. When there are too many, the oldest is forgotten, which costs a render at most:
 * the cancelled outcome stands already. Thread-safe.
 */
final class Cancellations {
    private final int capacity;
    private final Set<JobId> jobs = new LinkedHashSet<>();

    Cancellations(int capacity) {
        this.capacity = capacity;
    }

    synchronized void add(JobId job) {
        if (jobs.add(job) && jobs.size() > capacity) {
            Iterator<JobId> oldest = jobs.iterator();
            oldest.next();
            oldest.remove();
        }
    }

    synchronized boolean contains(JobId job) {
        return jobs.contains(job);
    }
}
