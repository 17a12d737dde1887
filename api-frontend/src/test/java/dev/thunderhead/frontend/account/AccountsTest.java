package dev.thunderhead.frontend.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.thunderhead.job.Account;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccountsTest {
    private static final Account ACME = new Account("acme");
    private static final Limits LIMITS = new Limits(10, 2);

    @TempDir
    Path folder;

    private KeysFile file;

    @BeforeEach
    void make() {
        file = new KeysFile(folder.resolve("inner/keys.json"));
    }

    @Test
    void aKeyIsKnownByItsHashAlone() throws Exception {
        ApiKey key = file.add(ACME, LIMITS);
        ApiKey other = file.add(new Account("other"), Limits.STANDARD);

        assertThat(Files.readString(file.path())).doesNotContain(key.text()).contains(key.sha256());
        assertThat(Files.getPosixFilePermissions(file.path())).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        try (Accounts accounts = Accounts.watch(file)) {
            assertThat(accounts.authenticate("Bearer " + key.text()))
                    .contains(new KeyEntry(key.sha256(), ACME, LIMITS));
            assertThat(accounts.authenticate("bearer  " + other.text())).isPresent();
            assertThat(accounts.authenticate(key.text())).isEmpty();
            assertThat(accounts.authenticate("Basic " + key.text())).isEmpty();
            assertThat(accounts.authenticate("Bearer ")).isEmpty();
            assertThat(accounts.authenticate(null)).isEmpty();
            assertThat(accounts.authenticate("Bearer "
                            + ApiKey.create(new java.security.SecureRandom()).text()))
                    .isEmpty();
        }
    }

    @Test
    void aChangedFileIsReadAgainAndABrokenOneChangesNothing() throws Exception {
        ApiKey first = file.add(ACME, LIMITS);
        try (Accounts accounts = Accounts.watch(file)) {
            ApiKey second = file.add(ACME, LIMITS);
            await().atMost(Duration.ofSeconds(5))
                    .until(() ->
                            accounts.authenticate("Bearer " + second.text()).isPresent());

            Files.writeString(file.path(), "{\"keys\": [{\"sha256\": \"x\"}]}");
            await().atMost(Duration.ofSeconds(5)).until(() -> accounts.failedReads() > 0);
            assertThat(accounts.authenticate("Bearer " + first.text())).isPresent();

            Files.writeString(file.path(), "{\"keys\": []}");
            await().atMost(Duration.ofSeconds(5))
                    .until(() -> accounts.authenticate("Bearer " + first.text()).isEmpty());
        }
    }

    @Test
    void aFileThatCannotBeReadAtTheStartIsNamed() throws Exception {
        assertThatThrownBy(() -> Accounts.watch(file)).isInstanceOf(IOException.class);
        Files.createDirectories(file.path().getParent());
        Files.writeString(file.path(), "{}");
        assertThatThrownBy(() -> Accounts.watch(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.path().toString());
    }

    @Test
    void aFileOfBeforeALimitWasMadeIsReadWithTheUsualOne() throws Exception {
        Files.createDirectories(file.path().getParent());
        String entry = "{\"keys\": [{\"sha256\": \"" + "0".repeat(64) + "\", \"account\": \"acme\", \"limits\": %s}]}";
        Files.writeString(file.path(), entry.formatted("{\"requests_per_minute\": 10, \"concurrent_requests\": 2}"));
        assertThat(file.read().get(0).limits()).isEqualTo(LIMITS);
        assertThat(LIMITS.queuedTasks()).isEqualTo(10_000);

        Files.writeString(
                file.path(),
                entry.formatted("{\"requests_per_minute\": 10, \"concurrent_requests\": 2, \"queued_tasks\": 7}"));
        assertThat(file.read().get(0).limits().queuedTasks()).isEqualTo(7);

        for (String wrong : new String[] {"{\"requests_per_minute\": 10}", "{}", "null", "{\"queued_tasks\": 0}"}) {
            Files.writeString(file.path(), entry.formatted(wrong));
            assertThatThrownBy(file::read).isInstanceOf(IOException.class);
        }
    }
}
