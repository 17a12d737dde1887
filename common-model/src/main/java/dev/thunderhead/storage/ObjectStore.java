package dev.thunderhead.storage;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The verbs of an object store that Thunderhead needs. All block, and throw {@link IOException} when the store cannot be
 * reached or refuses; a missing object is no failure. Thread-safe.
 */
public interface ObjectStore {
    /** Whether a conditional write took place. */
    enum Put {
        /** The object is the one that was given. */
        STORED,
        /** Another object stands at the key, unchanged. */
        ALREADY_THERE
    }

    /** An object without its content. Names of metadata are lower-case. */
    record Head(long length, String mediaType, Map<String, String> metadata) {
        public Head {
            metadata = Map.copyOf(metadata);
        }
    }

    /**
     * Writes an object unless one stands at the key. Of several at once, exactly one is stored.
     *
     * @param metadata lower-case names, ASCII values, 2 KB in all
     */
    Put putIfAbsent(String key, byte[] content, String mediaType, Map<String, String> metadata) throws IOException;

    Optional<Head> head(String key) throws IOException;

    Optional<byte[]> get(String key) throws IOException;

    /** All keys that begin with the prefix, ascending. */
    List<String> list(String prefix) throws IOException;

    /** Deletes the object, if there is one. */
    void delete(String key) throws IOException;
}
