package dev.thunderhead.frontend.batch;

import dev.thunderhead.frontend.batch.FeederThread.Work;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Has batches brought to their end by others. What each comes to is decided at once; the files are written in turns, and
 * large ones have turns of their own, so that no other batch waits for them. Belongs to the feeder's thread.
 */
final class Endings {
    /** What 50,000 lines come to with an address each, or some hundred pictures: seconds. */
    private static final long SMALL_BYTES = 1L << 28;

    private final FeederThread thread;
    private final BatchEnding ending;
    private final Set<Batches.Name> names = new HashSet<>();
    private final BatchTurns small = new BatchTurns();
    private final BatchTurns large = new BatchTurns();

    Endings(FeederThread thread, BatchEnding ending) {
        this.thread = thread;
        this.ending = ending;
    }

    /** Whether it is being brought to its end. */
    boolean contains(Batches.Name name) {
        return names.contains(name);
    }

    /**
     * Has a batch brought to its end. When that fails it is left, and is to be taken over again.
     *
     * @param as who has it
     */
    void add(Batches.Name name, String as) {
        if (names.add(name)) {
            thread.later(
                    Work.SHORT,
                    () -> ending.decide(name, as),
                    decided -> decided.ifPresentOrElse(batch -> takeTurn(name, as, batch), () -> names.remove(name)),
                    failure -> names.remove(name));
        }
    }

    private void takeTurn(Batches.Name name, String as, Batch batch) {
        if (batch.feed().tally().outputBytes() <= SMALL_BYTES) {
            small.add(name, () -> end(name, as, Work.WRITING, small));
        } else {
            large.add(name, () -> end(name, as, Work.WRITING_MUCH, large));
        }
    }

    private void end(Batches.Name name, String as, Work kind, BatchTurns turns) {
        BooleanSupplier wanted = thread.wanted();
        thread.later(
                kind,
                () -> {
                    ending.end(name, as, wanted);
                    return name;
                },
                ended -> done(name, turns),
                failure -> done(name, turns));
    }

    private void done(Batches.Name name, BatchTurns turns) {
        names.remove(name);
        turns.done(name);
    }

    /** Forgets all of them; what is being written is given up. */
    void clear() {
        names.clear();
        small.clear();
        large.clear();
    }
}
