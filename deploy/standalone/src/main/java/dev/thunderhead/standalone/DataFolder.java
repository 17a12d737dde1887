package dev.thunderhead.standalone;

import java.io.IOException;
import java.nio.file.Path;

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
}
