package dev.thunderhead.render.work;

import dev.thunderhead.storage.ObjectStore;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** A store in memory, whose answers can get lost. */
final class MemoryStore implements ObjectStore {
    private final ConcurrentSkipListMap<String, byte[]> objects = new ConcurrentSkipListMap<>();
    private volatile boolean losesNextAnswer;

    /** The next write takes place, but its writer is not told. */
    void loseNextAnswer() {
        losesNextAnswer = true;
    }

    @Override
    public Put putIfAbsent(String key, byte[] content, String mediaType, Map<String, String> metadata)
            throws IOException {
        Put put = objects.putIfAbsent(key, content) == null ? Put.STORED : Put.ALREADY_THERE;
        if (losesNextAnswer) {
            losesNextAnswer = false;
            throw new IOException("the connection broke");
        }
        return put;
    }

    @Override
    public Optional<Head> head(String key) {
        return get(key).map(content -> new Head(content.length, "text/plain", Map.of()));
    }

    @Override
    public Optional<byte[]> get(String key) {
        return Optional.ofNullable(objects.get(key));
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
