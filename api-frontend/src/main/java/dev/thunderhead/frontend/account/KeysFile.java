package dev.thunderhead.frontend.account;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import dev.thunderhead.job.Account;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The file that says who may use the API. It holds hashes, never keys:
 *
 * <pre>{@code
 * {"keys": [{"sha256": "5f0c…", "account": "acme",
 *            "limits": {"requests_per_minute": 600, "concurrent_requests": 64, "queued_tasks": 10000}}]}
 * }</pre>
 *
 * <p>Thread-safe, also between processes: a change replaces the whole file at once.
 */
public final class KeysFile {
    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new Jdk8Module())
            // What is missing reads as null, or as 0, which no limit may be.
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    /** File locks are held by processes, not threads. */
    private static final Object WITHIN_PROCESS = new Object();

    private final Path path;

    /** The file's content. */
    private record Content(List<KeyEntry> keys) {
        Content {
            keys = List.copyOf(keys);
        }
    }

    public KeysFile(Path path) {
        this.path = path;
    }

    public Path path() {
        return path;
    }

    /**
     * Reads all entries.
     *
     * @throws IOException when there is no such file, or it is not in this form; the message names it
     */
    public List<KeyEntry> read() throws IOException {
        try {
            return JSON.readValue(Files.readAllBytes(path), Content.class).keys();
        } catch (JacksonException problem) {
            throw new IOException(path + ": not a keys file: " + problem.getOriginalMessage(), problem);
        }
    }

    /**
     * Makes a key and appends its entry; the file is made, readable by its owner alone, when there is none.
     *
     * @return the key, which is kept nowhere else
     * @throws IOException when the file cannot be read or written
     */
    public ApiKey add(Account account, Limits limits) throws IOException {
        Path folder = path.toAbsolutePath().normalize().getParent();
        if (folder == null) {
            throw new IOException(path + ": not a file's name");
        }
        Files.createDirectories(folder);
        synchronized (WITHIN_PROCESS) {
            return add(folder, account, limits);
        }
    }

    private ApiKey add(Path folder, Account account, Limits limits) throws IOException {
        // The lock lies beside the file, since the file itself is replaced.
        Path lockFile = folder.resolve("." + path.getFileName() + ".lock");
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            // Held until the channel is closed.
            channel.lock();
            List<KeyEntry> entries = new ArrayList<>(Files.exists(path) ? read() : List.of());
            ApiKey key = ApiKey.create(new SecureRandom());
            entries.add(new KeyEntry(key.sha256(), account, limits));
            replace(folder, JSON.writeValueAsBytes(new Content(entries)));
            return key;
        }
    }

    private void replace(Path folder, byte[] content) throws IOException {
        Path fresh = Files.createTempFile(folder, ".keys", ".json");
        try {
            if (Files.getFileStore(fresh).supportsFileAttributeView("posix")) {
                Set<PosixFilePermission> ownerOnly = PosixFilePermissions.fromString("rw-------");
                Files.setPosixFilePermissions(
                        fresh, Files.exists(path) ? Files.getPosixFilePermissions(path) : ownerOnly);
            }
            Files.write(fresh, content);
            Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }
}
