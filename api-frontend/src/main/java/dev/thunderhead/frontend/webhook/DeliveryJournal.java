package dev.thunderhead.frontend.webhook;

import java.util.concurrent.CompletableFuture;

/**
 * Keeps what is to be delivered, whatever crashes. A future that fails says only that no acknowledgement came: the record
 * may stand nevertheless. Each call may block for a while when the journal cannot be reached. Thread-safe.
 */
public interface DeliveryJournal {
    /** Writes down a delivery for whoever looks after its receiver. */
    CompletableFuture<Void> plan(Delivery delivery);

    /** Writes down how far it is. */
    CompletableFuture<Void> update(int partition, Delivery delivery);

    /** Writes down that this round of a delivery is over. Nobody waits for that: the log of deliveries says the same. */
    void finish(int partition, String delivery, int round);
}
