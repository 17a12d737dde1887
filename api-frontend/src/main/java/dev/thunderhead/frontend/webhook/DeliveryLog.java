package dev.thunderhead.frontend.webhook;

import dev.thunderhead.job.Account;
import dev.thunderhead.storage.ObjectKeys;
import dev.thunderhead.storage.RecordStore;
import dev.thunderhead.wire.Json;
import dev.thunderhead.wire.MalformedRecordException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What became of deliveries, one object for each at a key that its id tells: written when a call has failed, and when the
 * delivery is over. It is the truth about what is over; what is pending stands in the journal. Blocks. Thread-safe.
 */
public final class DeliveryLog {
    private static final String SUFFIX = ".json";

    private final RecordStore store;

    public DeliveryLog(RecordStore store) {
        this.store = store;
    }

    /** How far a delivery was when it was written down. */
    public record Entry(Delivery.Status status, Delivery delivery) {}

    public void write(Entry entry) throws IOException {
        Delivery delivery = entry.delivery();
        store.put(
                key(delivery.account(), delivery.target().folder(), delivery.id()),
                Json.bytes(entry),
                "application/json",
                Map.of());
    }

    /** What stands of the delivery; empty when it has never been tried. */
    public Optional<Entry> find(Account account, String folder, String id) throws IOException {
        Optional<byte[]> object = store.get(key(account, folder, id));
        return object.isPresent() ? Optional.of(read(object.get())) : Optional.empty();
    }

    /** Whether this round of the delivery, or a later one, is over. */
    public boolean isOver(Delivery delivery) throws IOException {
        Optional<Entry> entry = find(delivery.account(), delivery.target().folder(), delivery.id());
        return entry.isPresent()
                && (entry.get().delivery().round() > delivery.round()
                        || (entry.get().delivery().round() == delivery.round()
                                && entry.get().status() != Delivery.Status.PENDING));
    }

    /**
     * Part of what is known of a target's deliveries, the newest first.
     *
     * @param after only those behind the one of this id
     */
    public List<Entry> list(Account account, String folder, Optional<String> after, int limit) throws IOException {
        String prefix = ObjectKeys.webhookDeliveries(account, folder);
        String behind = after.map(id -> key(account, folder, id)).orElse("");
        List<Entry> entries = new ArrayList<>();
        for (RecordStore.Entry object : store.list(prefix, behind, limit)) {
            Optional<byte[]> content = store.get(object.key());
            if (content.isPresent()) {
                entries.add(read(content.get()));
            }
        }
        return entries;
    }

    private static String key(Account account, String folder, String id) {
        return ObjectKeys.webhookDeliveries(account, folder) + id + SUFFIX;
    }

    private static Entry read(byte[] object) throws IOException {
        try {
            return Json.read(object, Entry.class);
        } catch (MalformedRecordException problem) {
            throw new IOException("what is known of a delivery cannot be read", problem);
        }
    }
}
