package dev.thunderhead.frontend.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thunderhead.frontend.job.MemoryStore;
import dev.thunderhead.job.Account;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FilesTest {
    private static final Account ACME = new Account("acme");
    private static final Duration HOUR = Duration.ofHours(1);

    private final MemoryStore store = new MemoryStore();
    private final Random random = new Random(1);
    private Instant now = Instant.parse("2026-03-01T00:00:00Z");
    private final Files files = new Files(store, new Clock() {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    });

    private void write(FileId id) throws IOException {
        files.write(id, ACME, new ByteArrayInputStream(new byte[] {1, 2, 3}));
    }

    @Test
    void aFileThatTookLongToComeIsKeptNoShorter() throws Exception {
        Instant begun = now;
        FileId id = FileId.create(begun, random);
        write(id);
        now = now.plus(HOUR.multipliedBy(3));
        StoredFile file = files.keep(id, ACME, "lines.jsonl", StoredFile.INPUT, HOUR);
        assertThat(file.createdAt()).isEqualTo(begun);
        assertThat(file.expiresAt()).isEqualTo(now.plus(HOUR));
        assertThat(files.find(ACME, id)).contains(file);
        now = file.expiresAt();
        assertThat(files.find(ACME, id)).isEmpty();
    }
}
