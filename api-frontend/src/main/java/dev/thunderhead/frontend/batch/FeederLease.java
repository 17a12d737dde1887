package dev.thunderhead.frontend.batch;

import java.util.Optional;

/** Says whether this frontend is the one that feeds batches. Thread-safe. */
public interface FeederLease {
    /** A name for the time since this frontend was chosen, different every time; empty while another one is. */
    Optional<String> epoch();

    /**
     * Whether this frontend has run, and could be reached by those who choose, all the time lately. After it was frozen or
     * cut off, another one may be chosen, and this one not know it yet: then it must not queue anything.
     */
    boolean isFresh();
}
