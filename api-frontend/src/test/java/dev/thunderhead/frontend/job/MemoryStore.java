package dev.thunderhead.frontend.job;

import dev.thunderhead.storage.RecordStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;

/** A store in memory. Thread-safe. */
public final class MemoryStore implements RecordStore {
    private final ConcurrentSkipListMap<String, Stored> objects = new ConcurrentSkipListMap<>();

    private static final class Stored {
        private final byte[] content;
        private final Head head;
        private final Instant writtenAt = Instant.now();
        private final String version = UUID.randomUUID().toString();

        Stored(byte[] content, String mediaType, Map<String, String> metadata) {
            this.content = content.clone();
            this.head = new Head(content.length, mediaType, metadata);
        }
    }

    @Override
    public Put putIfAbsent(String key, byte[] content, String mediaType, Map<String, String> metadata) {
        Stored stored = new Stored(content, mediaType, metadata);
        return objects.putIfAbsent(key, stored) == null ? Put.STORED : Put.ALREADY_THERE;
    }

    @Override
    public void put(String key, byte[] content, String mediaType, Map<String, String> metadata) {
        objects.put(key, new Stored(content, mediaType, metadata));
    }

    @Override
    public boolean replace(String key, byte[] content, String mediaType, String version) {
        Stored fresh = new Stored(content, mediaType, Map.of());
        return objects.computeIfPresent(key, (at, stored) -> stored.version.equals(version) ? fresh : stored) == fresh;
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
    public Optional<Versioned> getVersioned(String key) {
        return Optional.ofNullable(objects.get(key))
                .map(stored -> new Versioned(stored.content.clone(), stored.version));
    }

    @Override
    public void write(String key, InputStream content, String mediaType, long atMost) throws IOException {
        put(key, content.readAllBytes(), mediaType, Map.of());
    }

    @Override
    public Optional<InputStream> open(String key) {
        return get(key).map(ByteArrayInputStream::new);
    }

    @Override
    public Optional<byte[]> get(String key, long offset, int length) {
        return get(key).map(all -> Arrays.copyOfRange(all, (int) offset, (int) Math.min(all.length, offset + length)));
    }

    @Override
    public List<String> list(String prefix) {
        return objects.tailMap(prefix).keySet().stream()
                .takeWhile(key -> key.startsWith(prefix))
                .toList();
    }

    @Override
    public List<Entry> list(String prefix, String after, int limit) {
        return objects.tailMap(prefix).entrySet().stream()
                .takeWhile(entry -> entry.getKey().startsWith(prefix))
                .filter(entry -> entry.getKey().compareTo(after) > 0)
                .limit(limit)
                .map(entry -> new Entry(entry.getKey(), entry.getValue().writtenAt))
                .toList();
    }

    @Override
    public List<String> folders(String prefix) {
        return list(prefix).stream()
                .filter(key -> key.indexOf('/', prefix.length()) > 0)
                .map(key -> key.substring(0, key.indexOf('/', prefix.length()) + 1))
                .distinct()
                .toList();
    }

    @Override
    public void delete(String key) {
        objects.remove(key);
    }
}
