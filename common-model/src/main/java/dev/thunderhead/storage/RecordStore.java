package dev.thunderhead.storage;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A store for records that change, and for looking through many: what the frontend needs besides, and the worker does
 * not. All verbs behave as {@link ObjectStore}'s. Thread-safe.
 */
public interface RecordStore extends ObjectStore {
    /**
     * An object as it stood at one moment.
     *
     * @param version changes with every write
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Versioned(byte[] content, String version) {}

    /** An object in a listing. */
    record Entry(String key, Instant writtenAt) {}

    /** Writes an object, whatever stands at the key. */
    void put(String key, byte[] content, String mediaType, Map<String, String> metadata) throws IOException;

    /**
     * Writes an object if the one at the key is still that version.
     *
     * @return whether it was written: false when another one stands there, or none
     */
    boolean replace(String key, byte[] content, String mediaType, String version) throws IOException;

    /** The object with its version, for {@link #replace}. */
    Optional<Versioned> getVersioned(String key) throws IOException;

    /**
     * Part of the listing of the keys that begin with the prefix, ascending.
     *
     * @param after only keys behind this text, which need not be a key itself; empty: from the first on
     * @param limit at most so many, 1 to 1,000
     */
    List<Entry> list(String prefix, String after, int limit) throws IOException;

    /**
     * Writes an object that may be larger than memory, whatever stands at the key. It appears when all of it has been
     * written; when the content throws, nothing changes.
     *
     * @param content read to its end, and not closed
     * @param atMost about how many bytes that may be: a store takes 10,000 parts, each of which is held in memory in turn
     */
    void write(String key, InputStream content, String mediaType, long atMost) throws IOException;

    /** The object's content from its beginning; to be closed. */
    Optional<InputStream> open(String key) throws IOException;

    /**
     * A stretch of the object's content.
     *
     * @param offset of the first byte, less than the object's length
     * @param length at least 1; less is given where the object ends before
     */
    Optional<byte[]> get(String key, long offset, int length) throws IOException;

    /** The folders right under a prefix that ends with a slash, each with the prefix and a slash at its end, ascending. */
    List<String> folders(String prefix) throws IOException;

    /**
     * Deletes the objects at these keys, as far as there are any.
     *
     * @param keys at most 1,000
     * @throws IOException when some may be left
     */
    default void deleteAll(List<String> keys) throws IOException {
        for (String key : keys) {
            delete(key);
        }
    }
}
