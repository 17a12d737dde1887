package dev.thunderhead.frontend.batch;

import dev.thunderhead.job.Account;
import dev.thunderhead.job.BatchEvent;
import java.io.IOException;
import java.time.Instant;

/** Calls the owners of batches back. Thread-safe. */
@FunctionalInterface
public interface BatchCallbacks {
    /**
     * Plans a call to everyone who wants to hear of the batch's end. When it returns, every call stands in the journal and
     * will be made, whatever crashes; planned again, the same calls result, with the same ids and payloads, and what has
     * been delivered is not delivered anew. Blocks.
     *
     * @param at when the batch ended; the same whenever it is planned again
     * @throws IOException when some call may not have been planned; plan all of them again
     */
    void plan(Account account, String batch, BatchEvent event, Instant at) throws IOException;
}
