package dev.thunderhead.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretFileTest {
    @TempDir
    private Path folder;

    @Test
    void secretIsMadeOnceAndReadableByItsOwnerAlone() throws IOException {
        SecretFile file = new SecretFile(folder.resolve("secret"));
        assertThat(file.read()).isEmpty();
        String secret = file.readOrMake();
        assertThat(secret).matches("[0-9a-f]{64}");
        assertThat(file.readOrMake()).isEqualTo(secret);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.path())))
                .isEqualTo("rw-------");
    }
}
