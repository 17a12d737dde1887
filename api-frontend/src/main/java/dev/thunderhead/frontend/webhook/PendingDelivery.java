package dev.thunderhead.frontend.webhook;

/**
 * A delivery that this frontend looks after.
 *
 * @param partition of the journal that holds it
 * @param replayed whether it stood there already when the partition was assigned: it may be over nevertheless
 */
record PendingDelivery(int partition, Delivery delivery, boolean replayed) {
    PendingDelivery with(Delivery newer) {
        return new PendingDelivery(partition, newer, false);
    }
}
