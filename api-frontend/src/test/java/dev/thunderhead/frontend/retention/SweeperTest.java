package dev.thunderhead.frontend.retention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thunderhead.frontend.file.FileId;
import dev.thunderhead.frontend.file.Files;
import dev.thunderhead.frontend.file.StoredFile;
import dev.thunderhead.frontend.job.Interference;
import dev.thunderhead.frontend.job.MemoryStore;
import dev.thunderhead.job.Account;
import dev.thunderhead.storage.ObjectKeys;
import dev.thunderhead.storage.RecordStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SweeperTest {
    private static final Account ACME = new Account("acme");
    private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");

    private final MemoryStore store = new MemoryStore();
    private final Random random = new Random(1);

    private static Clock at(Instant time) {
        return Clock.fixed(time, ZoneOffset.UTC);
    }

    private FileId expiring(Duration kept) throws IOException {
        FileId id = FileId.create(NOW, random);
        new Files(store, at(NOW))
                .store(id, ACME, "lines.jsonl", StoredFile.INPUT, kept, new ByteArrayInputStream(new byte[3]), 3);
        return id;
    }

    @Test
    void oneFileThatFailsKeepsNoOtherFromExpiring() throws Exception {
        FileId failing = expiring(Duration.ofMinutes(30));
        FileId unreadable = expiring(Duration.ofHours(1));
        spoil(unreadable);
        FileId readable = expiring(Duration.ofHours(2));
        FileId young = expiring(Duration.ofDays(30));

        RecordStore unsteady = Interference.with(store, (verb, key, call) -> {
            if (verb.equals("get") && key.contains(failing.value())) {
                throw new IOException("503");
            }
            return call.call();
        });
        sweep(unsteady, Duration.ofDays(3));

        assertThat(store.list("files/content/"))
                .containsExactlyInAnyOrder(
                        ObjectKeys.fileContent(ACME, failing.value()),
                        ObjectKeys.fileContent(ACME, unreadable.value()),
                        ObjectKeys.fileContent(ACME, young.value()));
        assertThat(store.list("files/expiry/"))
                .as("looked at again")
                .anyMatch(key -> key.endsWith(failing.value()))
                .anyMatch(key -> key.endsWith(unreadable.value()))
                .noneMatch(key -> key.endsWith(readable.value()));
    }

    @Test
    void aFileThatNobodyCanReadGoesWhenNoneAsOldIsKept() throws Exception {
        FileId unreadable = expiring(Duration.ofHours(1));
        spoil(unreadable);
        sweep(store, Duration.ofDays(31));
        assertThat(store.list("files/content/")).isNotEmpty();
        sweep(store, Duration.ofDays(33));
        assertThat(store.list("files/")).isEmpty();
    }

    private void spoil(FileId id) {
        byte[] broken = "{".getBytes(StandardCharsets.UTF_8);
        store.put(ObjectKeys.file(ACME, id.value()), broken, "application/json", Map.of());
    }

    /** @param later how long after the files came */
    private void sweep(RecordStore files, Duration later) throws InterruptedException {
        new Sweeper(files, job -> false, () -> true, at(NOW.plus(later)))
                .sweep(Keeping.all(new RetentionSettings(Duration.ofDays(30))));
    }
}
