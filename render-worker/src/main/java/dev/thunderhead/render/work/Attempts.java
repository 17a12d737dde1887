package dev.thunderhead.render.work;

import dev.thunderhead.storage.ObjectKeys;
import dev.thunderhead.storage.ObjectStore;
import dev.thunderhead.wire.TaskEnvelope;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Markers in the store of attempts to render redelivered tasks. A marker that still stands belongs to a worker that died
 * in its attempt, or to one that is at it. Kafka's own count cannot tell that: a drain adds to it, and a broker that
 * crashes forgets it. Thread-safe.
 */
final class Attempts {
    /** How many attempts may fail before the task is the suspect. */
    static final int LIMIT = 3;

    private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);

    private final ObjectStore store;
    private final Set<String> own = ConcurrentHashMap.newKeySet();

    Attempts(ObjectStore store) {
        this.store = store;
    }

    /**
     * Begins an attempt.
     *
     * @return the marker's key; empty when too many have failed already
     */
    Optional<String> begin(TaskEnvelope task) throws IOException {
        String prefix = ObjectKeys.attempts(task.account(), task.id());
        if (store.list(prefix).size() >= LIMIT) {
            return Optional.empty();
        }
        for (int attempt = 1; attempt <= LIMIT; attempt++) {
            String marker = prefix + attempt;
            own.add(marker);
            if (store.putIfAbsent(marker, new byte[0], "text/plain", Map.of()) == ObjectStore.Put.STORED) {
                return Optional.of(marker);
            }
            own.remove(marker);
        }
        return Optional.empty();
    }

    /** The task has ended: its markers are of no use any more. One that cannot be removed does no harm. */
    void clear(TaskEnvelope task) {
        try {
            List<String> markers = store.list(ObjectKeys.attempts(task.account(), task.id()));
            for (String marker : markers) {
                store.delete(marker);
                own.remove(marker);
            }
        } catch (IOException problem) {
            LOG.warn("event=markers_left task={} error=\"{}\"", task.id(), problem.toString());
        }
    }

    /** This worker stops: whatever it has begun was no failed attempt. */
    void withdraw() {
        for (String marker : own) {
            try {
                store.delete(marker);
            } catch (IOException problem) {
                LOG.warn("event=marker_left marker={} error=\"{}\"", marker, problem.toString());
            }
        }
        own.clear();
    }
}
