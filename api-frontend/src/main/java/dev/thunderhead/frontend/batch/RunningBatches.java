package dev.thunderhead.frontend.batch;

import dev.thunderhead.frontend.batch.FeederThread.Failure;
import dev.thunderhead.frontend.batch.FeederThread.Work;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The batches that are fed here. When something goes wrong with one that nobody foresaw, that one is forgotten, and no
 * other: what is known of it here may be wrong, and what stands in the store is not. Belongs to the feeder's thread.
 */
final class RunningBatches {
    private static final Logger LOG = LoggerFactory.getLogger(RunningBatches.class);

    private final FeederThread thread;
    private final Map<Batches.Name, RunningBatch> running = new LinkedHashMap<>();

    RunningBatches(FeederThread thread) {
        this.thread = thread;
    }

    void add(RunningBatch batch) {
        running.put(batch.name(), batch);
    }

    Optional<RunningBatch> find(Batches.Name name) {
        return Optional.ofNullable(running.get(name));
    }

    /** Those that are fed at this moment. */
    Collection<RunningBatch> all() {
        return List.copyOf(running.values());
    }

    /** How many tasks of them were queued and have not ended. */
    int openTasks() {
        return running.values().stream().mapToInt(RunningBatch::openTasks).sum();
    }

    /** Has something done about each of them. */
    void forEach(Consumer<RunningBatch> action) {
        all().forEach(batch -> about(batch, () -> action.accept(batch)));
    }

    /** Does something about a batch, unless it has left meanwhile; it may even be here anew. */
    void about(RunningBatch batch, Runnable action) {
        if (!batch.equals(running.get(batch.name()))) {
            return;
        }
        try {
            action.run();
        } catch (RuntimeException problem) {
            LOG.error("event=batch_forgotten batch={}", batch.name(), problem);
            remove(batch);
        }
    }

    /**
     * Has something done about a batch by others.
     *
     * @param otherwise is run when the store could not be asked
     */
    <T> void later(RunningBatch batch, Work kind, Callable<T> work, Consumer<T> then, Runnable otherwise) {
        thread.later(
                kind,
                work,
                result -> about(batch, () -> then.accept(result)),
                failure -> about(batch, () -> failed(batch, failure, otherwise)));
    }

    private void failed(RunningBatch batch, Failure failure, Runnable otherwise) {
        if (failure == Failure.STORE) {
            otherwise.run();
        } else {
            LOG.error("event=batch_forgotten batch={}", batch.name());
            remove(batch);
        }
    }

    /** It is fed here no longer. */
    void remove(RunningBatch batch) {
        running.remove(batch.name(), batch);
        batch.drop();
    }

    void clear() {
        all().forEach(this::remove);
    }
}
