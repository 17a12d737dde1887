package dev.thunderhead.standalone;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The folder that holds all that outlives a process:
 *
 * <pre>
 * kafka/          the broker's log       kafka.lock      held while a broker runs on it
 * s3/             the objects            s3.lock         held while a store runs on it
 * keys.json       hashes of API keys     api-key         the all-in-one's own key, for its owner alone
 *                                        s3-secret-key   likewise
 *                                        signing-secret  likewise; outcome keys and media addresses hang on it
 * </pre>
 *
 * @param path the folder
 */
record DataFolder(Path path) {
    /** Where state lies when nobody says otherwise: below the folder in which the command is called. */
    static final String DEFAULT = ".data";

    DataFolder {
        path = path.toAbsolutePath().normalize();
    }

    static DataFolder of(Arguments arguments) {
        return new DataFolder(arguments.path("data").orElse(Path.of(DEFAULT)));
    }

    Path kafka() {
        return path.resolve("kafka");
    }

    Path s3() {
        return path.resolve("s3");
    }

    Path keys() {
        return path.resolve("keys.json");
    }

    SecretFile apiKey() {
        return new SecretFile(path.resolve("api-key"));
    }

    SecretFile s3SecretKey() {
        return new SecretFile(path.resolve("s3-secret-key"));
    }

    SecretFile signingSecret() {
        return new SecretFile(path.resolve("signing-secret"));
    }

    /** Claims the broker's folder for this process until the lock is closed. */
    FolderLock lockKafka() throws IOException {
        return FolderLock.take(path, "kafka", "data");
    }

    /** Claims the store's folder for this process until the lock is closed. */
    FolderLock lockS3() throws IOException {
        return FolderLock.take(path, "s3", "data");
    }

    /** A claim that ends with {@link #close} or with the process, however it ends. */
    record FolderLock(FileChannel channel) implements AutoCloseable {
        /**
         * Claims a folder, or a part of it.
         *
         * @param option by which a user names another
         */
        static FolderLock take(Path folder, String part, String option) throws IOException {
            Files.createDirectories(folder);
            FileChannel channel = FileChannel.open(
                    folder.resolve(part + ".lock"),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    LinkOption.NOFOLLOW_LINKS);
            if (!lock(channel)) {
                channel.close();
                throw new IOException(folder + " is in use by another process; name another folder with --" + option);
            }
            return new FolderLock(channel);
        }

        private static boolean lock(FileChannel channel) throws IOException {
            try {
                @Nullable FileLock lock = channel.tryLock();
                return lock != null;
            } catch (OverlappingFileLockException held) {
                return false;
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
