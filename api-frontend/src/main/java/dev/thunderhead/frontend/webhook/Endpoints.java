package dev.thunderhead.frontend.webhook;

import dev.thunderhead.job.Account;
import dev.thunderhead.storage.ObjectKeys;
import dev.thunderhead.storage.ObjectStore;
import dev.thunderhead.storage.RecordStore;
import dev.thunderhead.wire.Json;
import dev.thunderhead.wire.MalformedRecordException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.UnaryOperator;

/**
 * The accounts' endpoints, one object in the store for all of an account: whoever plans its callbacks reads it once, and
 * sees what was registered a moment ago wherever that was. All verbs block and ask the store anew. Thread-safe, also among
 * frontends.
 */
public final class Endpoints {
    /** How many endpoints an account may have. */
    public static final int MOST = 16;

    private static final String JSON = "application/json";
    private static final int RETRIES = 30;

    private final RecordStore store;

    public Endpoints(RecordStore store) {
        this.store = store;
    }

    /** What stands in the store. */
    private record Stored(List<Endpoint> endpoints) {}

    /** The account's endpoints, the newest first. */
    public List<Endpoint> of(Account account) throws IOException {
        Optional<byte[]> object = store.get(ObjectKeys.webhookEndpoints(account));
        return object.isPresent() ? read(object.get()) : List.of();
    }

    public Optional<Endpoint> find(Account account, String id) throws IOException {
        return find(of(account), id);
    }

    /**
     * Adds an endpoint, unless one of its id stands.
     *
     * @return the one that stands now; empty when the account has as many as it may
     */
    public Optional<Endpoint> register(Account account, Endpoint endpoint) throws IOException {
        List<Endpoint> after = update(account, all -> {
            if (all.size() >= MOST || find(all, endpoint.id()).isPresent()) {
                return all;
            }
            List<Endpoint> more = new ArrayList<>(all);
            more.add(0, endpoint);
            return more;
        });
        return find(after, endpoint.id());
    }

    private static Optional<Endpoint> find(List<Endpoint> all, String id) {
        return all.stream().filter(one -> one.id().equals(id)).findFirst();
    }

    /** The endpoint after the change; empty when there is none of that id. */
    public Optional<Endpoint> change(Account account, String id, UnaryOperator<Endpoint> change) throws IOException {
        List<Endpoint> after = update(
                account,
                all -> all.stream()
                        .map(endpoint -> endpoint.id().equals(id) ? change.apply(endpoint) : endpoint)
                        .toList());
        return find(after, id);
    }

    /** Whether there was one. */
    public boolean remove(Account account, String id) throws IOException {
        if (find(account, id).isEmpty()) {
            return false;
        }
        update(
                account,
                all -> all.stream()
                        .filter(endpoint -> !endpoint.id().equals(id))
                        .toList());
        return true;
    }

    /** Writes what becomes of the list, made anew whenever somebody else was faster. */
    private List<Endpoint> update(Account account, UnaryOperator<List<Endpoint>> change) throws IOException {
        String key = ObjectKeys.webhookEndpoints(account);
        for (int attempt = 0; attempt < RETRIES; attempt++) {
            Optional<RecordStore.Versioned> stands = store.getVersioned(key);
            List<Endpoint> before = stands.isPresent() ? read(stands.get().content()) : List.of();
            List<Endpoint> after = change.apply(before);
            if (after.equals(before) || write(key, stands, after)) {
                return after;
            }
            pause(attempt);
        }
        throw new IOException("too many changes at once to " + key);
    }

    private boolean write(String key, Optional<RecordStore.Versioned> stands, List<Endpoint> endpoints)
            throws IOException {
        byte[] content = Json.bytes(new Stored(endpoints));
        return stands.isPresent()
                ? store.replace(key, content, JSON, stands.get().version())
                : store.putIfAbsent(key, content, JSON, Map.of()) == ObjectStore.Put.STORED;
    }

    private static void pause(int attempt) throws IOException {
        try {
            Thread.sleep(ThreadLocalRandom.current().nextLong(1, 10L << Math.min(attempt, 5)));
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while changing endpoints", interrupt);
        }
    }

    private static List<Endpoint> read(byte[] object) throws IOException {
        try {
            return Json.read(object, Stored.class).endpoints();
        } catch (MalformedRecordException problem) {
            throw new IOException("an account's webhook endpoints cannot be read", problem);
        }
    }
}
