package dev.thunderhead.frontend.account;

import dev.thunderhead.frontend.lifecycle.Ticker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows whose key it is. The keys file is read again within a second of a change; one that cannot be read leaves the old
 * keys valid. Thread-safe: readers see one whole keyring or the next.
 */
public final class Accounts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Accounts.class);
    private static final Duration LOOK = Duration.ofMillis(500);

    private final KeysFile file;
    private final Ticker watcher;
    private final AtomicLong failedReads = new AtomicLong();
    private volatile Keyring keyring;
    private Optional<Stamp> seen;

    /** What changes when a file does. A replaced file has another key; not every file system gives one. */
    private record Stamp(
            FileTime modified, long size, @Nullable Object fileKey) {}

    private Accounts(KeysFile file) throws IOException {
        this.file = file;
        this.seen = stamp();
        this.keyring = new Keyring(file.read());
        this.watcher = Ticker.start("keys-file", LOOK, this::look);
    }

    /**
     * Reads the file and keeps watching it.
     *
     * @throws IOException when it cannot be read at the start
     */
    public static Accounts watch(KeysFile file) throws IOException {
        return new Accounts(file);
    }

    // Empty when there is no such file any more.
    private Optional<Stamp> stamp() {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file.path(), BasicFileAttributes.class);
            return Optional.of(new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey()));
        } catch (IOException problem) {
            return Optional.empty();
        }
    }

    // Runs on the watcher's thread alone.
    private void look() {
        Optional<Stamp> now = stamp();
        if (now.equals(seen)) {
            return;
        }
        // Remembered before reading: a broken file is reported once, not twice a second.
        seen = now;
        try {
            keyring = new Keyring(file.read());
            LOG.info("event=keys_read file={}", file.path());
        } catch (IOException problem) {
            failedReads.incrementAndGet();
            LOG.warn("event=keys_unreadable file={} kept=old problem={}", file.path(), problem.getMessage());
        }
    }

    /** The entry of the key that an {@code Authorization} header carries, if it is valid. */
    public Optional<KeyEntry> authenticate(@Nullable String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return Optional.empty();
        }
        return ApiKey.parse(authorization.substring(7).strip()).flatMap(key -> keyring.find(key));
    }

    /** How often the file could not be read since the start. */
    public long failedReads() {
        return failedReads.get();
    }

    @Override
    public void close() {
        watcher.close();
    }
}
