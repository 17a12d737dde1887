package dev.thunderhead.frontend.job;

import dev.thunderhead.storage.ObjectStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** An object store in memory. Thread-safe. */
final class MemoryStore implements ObjectStore {
    private final ConcurrentSkipListMap<String, Stored> objects = new ConcurrentSkipListMap<>();

    private static final class Stored {
        private final byte[] content;
        private final Head head;

        Stored(byte[] content, Head head) {
            this.content = content;
            this.head = head;
        }
    }

    @Override
    public Put putIfAbsent(String key, byte[] content, String mediaType, Map<String, String> metadata) {
        Stored stored = new Stored(content.clone(), new Head(content.length, mediaType, metadata));
        return objects.putIfAbsent(key, stored) == null ? Put.STORED : Put.ALREADY_THERE;
    }

    @Override
    public Optional<Head> head(String key) {
        return Optional.ofNullable(objects.get(key)).map(stored -> stored.head);
    }

    @Override
    public Optional<byte[]> get(String key) {
        return Optional.ofNullable(objects.get(key)).map(stored -> stored.content.clone());
    }

    @Override
    public List<String> list(String prefix) {
        return objects.tailMap(prefix).keySet().stream()
                .takeWhile(key -> key.startsWith(prefix))
                .toList();
    }

    @Override
    public void delete(String key) {
        objects.remove(key);
    }
}
