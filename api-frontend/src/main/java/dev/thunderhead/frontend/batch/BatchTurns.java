package dev.thunderhead.frontend.batch;

import dev.thunderhead.job.Account;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Lets what takes long be done about one batch of each account at a time, so that other accounts do not wait for it. Not
 * thread-safe.
 */
final class BatchTurns {
    private final Map<Batches.Name, Runnable> waiting = new LinkedHashMap<>();
    private final Set<Batches.Name> begun = new HashSet<>();

    /**
     * Adds a batch, unless it is here already.
     *
     * @param begin is run when its turn comes, which lasts until {@link #done}
     */
    void add(Batches.Name name, Runnable begin) {
        if (!contains(name)) {
            waiting.put(name, begin);
            next();
        }
    }

    /** Whether it waits for its turn, or has it. */
    boolean contains(Batches.Name name) {
        return waiting.containsKey(name) || begun.contains(name);
    }

    /** Its turn is over. */
    void done(Batches.Name name) {
        begun.remove(name);
        next();
    }

    private void next() {
        for (Optional<Map.Entry<Batches.Name, Runnable>> next = free(); next.isPresent(); next = free()) {
            Batches.Name name = next.get().getKey();
            waiting.remove(name);
            begun.add(name);
            next.get().getValue().run();
        }
    }

    private Optional<Map.Entry<Batches.Name, Runnable>> free() {
        Set<Account> busy = begun.stream().map(Batches.Name::account).collect(Collectors.toSet());
        return waiting.entrySet().stream()
                .filter(entry -> !busy.contains(entry.getKey().account()))
                .findFirst();
    }

    /** Forgets all of them. */
    void clear() {
        waiting.clear();
        begun.clear();
    }
}
