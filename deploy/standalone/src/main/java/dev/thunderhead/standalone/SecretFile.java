package dev.thunderhead.standalone;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A file with one secret, which its owner alone may read.
 *
 * @param path the file, which need not exist
 */
record SecretFile(Path path) {
    private static final int RANDOM_BYTES = 32;

    Optional<String> read() throws IOException {
        return Files.exists(path) ? Optional.of(Files.readString(path).strip()) : Optional.empty();
    }

    /** Replaces the secret, in one step. */
    void write(String secret) throws IOException {
        Path fresh = path.resolveSibling(path.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        // Made with its permissions, so that nobody can open it in between.
        Files.createFile(fresh, ownerOnly());
        Files.writeString(fresh, secret + "\n");
        Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** The secret in the file; when there is none, a new random one of 256 bits in hexadecimal. */
    String readOrMake() throws IOException {
        Optional<String> known = read();
        if (known.isPresent()) {
            return known.get();
        }
        byte[] bytes = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(bytes);
        String secret = HexFormat.of().formatHex(bytes);
        write(secret);
        return secret;
    }

    private static FileAttribute<?>[] ownerOnly() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }
}
