package dev.thunderhead.frontend.webhook;

import dev.thunderhead.job.Account;
import dev.thunderhead.storage.ObjectKeys;
import dev.thunderhead.storage.ObjectStore;
import dev.thunderhead.storage.RecordStore;
import dev.thunderhead.wire.Json;
import dev.thunderhead.wire.MalformedRecordException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What became of deliveries: the truth about what is over, while what is pending stands in the journal. The deliveries of
 * a target whose events happened within a quarter of a second lie in one object, at a key that each one's id tells: a
 * thousand a second would be a thousand objects otherwise. Blocks. Thread-safe, also among frontends.
 */
public final class DeliveryLog {
    private static final String JSON = "application/json";
    private static final String SUFFIX = ".json";
    private static final int RETRIES = 20;
    /** {@code msg_} and inverted time, less its last two digits: 256 milliseconds. */
    private static final int SHARED_DIGITS = 4 + 10;

    private final RecordStore store;

    public DeliveryLog(RecordStore store) {
        this.store = store;
    }

    /** How far a delivery was when it was written down. */
    public record Entry(Delivery.Status status, Delivery delivery) {
        boolean isOver() {
            return status != Delivery.Status.PENDING;
        }

        /** Whichever of the two tells more. */
        Entry latest(Entry other) {
            boolean later =
                    other.delivery.isNewerThan(delivery) || (!delivery.isNewerThan(other.delivery) && !isOver());
            return later ? other : this;
        }
    }

    private record Page(List<Entry> entries) {}

    /** The key of the object that tells of the delivery. */
    static String key(Delivery delivery) {
        return key(delivery.account(), delivery.target().folder(), delivery.id());
    }

    private static String key(Account account, String folder, String id) {
        return ObjectKeys.webhookDeliveries(account, folder) + id.substring(0, SHARED_DIGITS) + SUFFIX;
    }

    /** Writes entries that belong into the same object beside those that stand there. */
    void write(String key, Collection<Entry> entries) throws IOException {
        for (int attempt = 0; attempt < RETRIES; attempt++) {
            Optional<RecordStore.Versioned> stands = store.getVersioned(key);
            Map<String, Entry> all = new TreeMap<>();
            if (stands.isPresent()) {
                read(stands.get().content())
                        .forEach(entry -> all.put(entry.delivery().id(), entry));
            }
            entries.forEach(entry -> all.merge(entry.delivery().id(), entry, Entry::latest));
            byte[] content = Json.bytes(new Page(List.copyOf(all.values())));
            boolean written = stands.isPresent()
                    ? store.replace(key, content, JSON, stands.get().version())
                    : store.putIfAbsent(key, content, JSON, Map.of()) == ObjectStore.Put.STORED;
            if (written) {
                return;
            }
        }
        throw new IOException("too many changes at once to " + key);
    }

    /** What stands of the delivery; empty when it has never been tried. */
    public Optional<Entry> find(Account account, String folder, String id) throws IOException {
        Optional<byte[]> object = store.get(key(account, folder, id));
        if (object.isEmpty()) {
            return Optional.empty();
        }
        return read(object.get()).stream()
                .filter(entry -> entry.delivery().id().equals(id))
                .findFirst();
    }

    /** Whether this round of the delivery, or a later one, is over. */
    public boolean isOver(Delivery delivery) throws IOException {
        Optional<Entry> entry = find(delivery.account(), delivery.target().folder(), delivery.id());
        if (entry.isEmpty()) {
            return false;
        }
        int round = entry.get().delivery().round();
        return round > delivery.round()
                || (round == delivery.round() && entry.get().isOver());
    }

    /**
     * Part of what is known of a target's deliveries, the newest first.
     *
     * @param after only those behind the one of this id
     * @param limit at most so many, up to 999
     */
    public List<Entry> list(Account account, String folder, Optional<String> after, int limit) throws IOException {
        String prefix = ObjectKeys.webhookDeliveries(account, folder);
        // Without the suffix, so that the object which holds the cursor comes first.
        String behind = after.map(id -> prefix + id.substring(0, SHARED_DIGITS)).orElse("");
        List<Entry> entries = new ArrayList<>();
        for (RecordStore.Entry object : store.list(prefix, behind, limit + 1)) {
            Optional<byte[]> content = store.get(object.key());
            if (content.isPresent()) {
                read(content.get()).stream()
                        .filter(entry ->
                                after.isEmpty() || entry.delivery().id().compareTo(after.get()) > 0)
                        .limit(limit - entries.size())
                        .forEach(entries::add);
            }
            if (entries.size() == limit) {
                break;
            }
        }
        return entries;
    }

    private static List<Entry> read(byte[] object) throws IOException {
        try {
            return Json.read(object, Page.class).entries();
        } catch (MalformedRecordException problem) {
            throw new IOException("what is known of deliveries cannot be read", problem);
        }
    }
}
