package dev.thunderhead.render.work;

import dev.thunderhead.storage.ObjectKeys;
import dev.thunderhead.storage.ObjectStore;
import dev.thunderhead.wire.TaskEnvelope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Markers in the store of attempts to render redelivered tasks. A marker that still stands belongs to a worker that died
 * in its attempt, or to one that is at it. Kafka's own count cannot tell that: a drain adds to it, and a broker that
 * crashes forgets it. A marker's content is an id of its attempt, so that one whose writer got no answer is known again.
 * Thread-safe.
 */
final class Attempts {
    /** How many attempts may fail before the task is the suspect. */
    static final int LIMIT = 3;

    private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);

    private final ObjectStore store;
    private final Map<Delivery, Attempt> own = new ConcurrentHashMap<>();

    private record Attempt(String prefix, String id) {
        static Attempt of(TaskEnvelope task) {
            return new Attempt(
                    ObjectKeys.attempts(task.account(), task.id()),
                    UUID.randomUUID().toString());
        }

        byte[] content() {
            return id.getBytes(StandardCharsets.US_ASCII);
        }
    }

    Attempts(ObjectStore store) {
        this.store = store;
    }

    /**
     * Begins an attempt. Calling it again for the same delivery goes on where a failed call ended.
     *
     * @return false when too many have failed already
     */
    boolean begin(Delivery delivery, TaskEnvelope task) throws IOException {
        Attempt attempt = own.computeIfAbsent(delivery, none -> Attempt.of(task));
        for (int number = 1; number <= LIMIT; number++) {
            String marker = attempt.prefix() + number;
            boolean stored =
                    store.putIfAbsent(marker, attempt.content(), "text/plain", Map.of()) == ObjectStore.Put.STORED;
            if (stored || isOwn(marker, attempt)) {
                return true;
            }
        }
        own.remove(delivery);
        return false;
    }

    /** The delivery's task has ended: its markers are of no use any more. One that cannot be removed does no harm. */
    void clear(Delivery delivery, TaskEnvelope task) {
        try {
            for (String marker : store.list(ObjectKeys.attempts(task.account(), task.id()))) {
                store.delete(marker);
            }
            own.remove(delivery);
        } catch (IOException | RuntimeException problem) {
            LOG.warn("event=markers_left task={} error=\"{}\"", task.id(), problem.toString());
        }
    }

    /** The attempt, if there is one, ends here, but has not failed: nobody shall count it. */
    void withdraw(Delivery delivery) {
        Attempt attempt = own.remove(delivery);
        if (attempt == null) {
            return;
        }
        try {
            for (int number = 1; number <= LIMIT; number++) {
                String marker = attempt.prefix() + number;
                if (isOwn(marker, attempt)) {
                    store.delete(marker);
                    return;
                }
            }
        } catch (IOException | RuntimeException problem) {
            LOG.warn("event=marker_left attempt={} error=\"{}\"", attempt.prefix(), problem.toString());
        }
    }

    /** This worker stops: nothing that it has begun has failed. A store that is away does not keep it from stopping. */
    void withdrawAll(Duration atMost) {
        long end = System.nanoTime() + atMost.toNanos();
        for (Delivery delivery : own.keySet()) {
            if (System.nanoTime() - end > 0) {
                LOG.warn("event=markers_left attempts={}", own.size());
                return;
            }
            withdraw(delivery);
        }
    }

    private boolean isOwn(String marker, Attempt attempt) throws IOException {
        return store.get(marker)
                .filter(content -> Arrays.equals(content, attempt.content()))
                .isPresent();
    }
}
