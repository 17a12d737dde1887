package dev.thunderhead.render.work;

import dev.thunderhead.storage.ObjectStore;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A store that can be away, or behave as if it had a bug. */
final class InterruptedStore implements ObjectStore {
    private final ObjectStore store;
    private final AtomicInteger refusals = new AtomicInteger();
    private volatile boolean away;
    private volatile boolean broken;

    InterruptedStore(ObjectStore store) {
        this.store = store;
    }

    void leave() {
        away = true;
    }

    /** From now on all verbs throw what none should. */
    void breakDown() {
        broken = true;
    }

    void comeBack() {
        away = false;
        broken = false;
    }

    /** How many requests came while it was away. */
    int refusals() {
        return refusals.get();
    }

    private ObjectStore here() throws IOException {
        if (away) {
            refusals.incrementAndGet();
            throw new IOException("the store is away");
        }
        if (broken) {
            refusals.incrementAndGet();
            throw new IllegalStateException("the store is broken");
        }
        return store;
    }

    @Override
    public Put putIfAbsent(String key, byte[] content, String mediaType, Map<String, String> metadata)
            throws IOException {
        return here().putIfAbsent(key, content, mediaType, metadata);
    }

    @Override
    public Optional<Head> head(String key) throws IOException {
        return here().head(key);
    }

    @Override
    public Optional<byte[]> get(String key) throws IOException {
        return here().get(key);
    }

    @Override
    public List<String> list(String prefix) throws IOException {
        return here().list(prefix);
    }

    @Override
    public void delete(String key) throws IOException {
        here().delete(key);
    }
}
