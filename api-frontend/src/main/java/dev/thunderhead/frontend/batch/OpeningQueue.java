package dev.thunderhead.frontend.batch;

import dev.thunderhead.job.Account;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Batches that are to be opened: of each account one at a time, since reading a large file takes seconds, and others shall
 * not wait for it. Not thread-safe.
 */
final class OpeningQueue {
    private final Set<Batches.Name> waiting = new LinkedHashSet<>();
    private final Set<Batches.Name> beingOpened = new HashSet<>();

    /** Adds a batch, unless it is here already. */
    void add(Batches.Name name) {
        if (!beingOpened.contains(name)) {
            waiting.add(name);
        }
    }

    /** The next one, which counts as being opened from now on. */
    Optional<Batches.Name> next() {
        Set<Account> busy = beingOpened.stream().map(Batches.Name::account).collect(Collectors.toSet());
        Optional<Batches.Name> next =
                waiting.stream().filter(name -> !busy.contains(name.account())).findFirst();
        next.ifPresent(name -> {
            waiting.remove(name);
            beingOpened.add(name);
        });
        return next;
    }

    /** It has been opened, or could not be. */
    void done(Batches.Name name) {
        beingOpened.remove(name);
    }

    void clear() {
        waiting.clear();
        beingOpened.clear();
    }
}
