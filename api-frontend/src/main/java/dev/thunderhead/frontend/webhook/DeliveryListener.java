package dev.thunderhead.frontend.webhook;

/** Hears what the journal says of the partitions that this frontend looks after. Called by one thread, and does not block it. */
public interface DeliveryListener {
    /** The partition is this frontend's from now on, and will be told from its beginning. */
    void assigned(int partition);

    /** How far a delivery is. Records are told in the order in which they were written. */
    void heard(int partition, Delivery delivery);

    /** A delivery is over, at least this round of it. */
    void over(int partition, String id, int round);

    /** All has been told that stood there when it was assigned. */
    void caughtUp(int partition);

    /** The partition is another's from now on. */
    void revoked(int partition);
}
