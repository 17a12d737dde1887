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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
        files.write(id, ACME, new ByteArrayInputStream(new byte[] {1, 2, 3}), 3);
    }

    /** Many small files, each a second older than the one before. */
    private List<FileId> files(int count, String purpose) throws IOException {
        List<FileId> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            now = now.plusSeconds(1);
            FileId id = FileId.create(now, random);
            write(id);
            files.keep(id, ACME, "lines.jsonl", purpose, HOUR.multipliedBy(24));
            ids.add(0, id);
        }
        return ids;
    }

    private static List<FileId> ids(Files.Page page) {
        return page.files().stream().map(StoredFile::id).toList();
    }

    @Test
    void aListingGoesOnWhereItEnded() throws Exception {
        List<FileId> all = files(250, StoredFile.INPUT);
        List<FileId> listed = new ArrayList<>();
        Optional<FileId> behind = Optional.empty();
        do {
            Files.Page page = files.list(ACME, Optional.of(StoredFile.INPUT), behind, 50);
            assertThat(page.files()).hasSize(50);
            listed.addAll(ids(page));
            behind = page.next();
        } while (behind.isPresent());
        assertThat(listed).isEqualTo(all);
    }

    @Test
    void oneCallReadsSoManyAndSaysWhereToGoOn() throws Exception {
        List<FileId> wanted = files(1, StoredFile.OUTPUT);
        List<FileId> others = files(1_100, StoredFile.INPUT);
        Files.Page first = files.list(ACME, Optional.of(StoredFile.OUTPUT), Optional.empty(), 10);
        assertThat(first.files()).isEmpty();
        assertThat(first.next()).contains(others.get(999));
        Files.Page second = files.list(ACME, Optional.of(StoredFile.OUTPUT), first.next(), 10);
        assertThat(ids(second)).isEqualTo(wanted);
        assertThat(second.next()).isEmpty();
    }

    @Test
    void ofAPurposeThatNoFileCanHaveThereIsNothing() throws Exception {
        List<FileId> unwanted = files(1_100, StoredFile.INPUT);
        assertThat(unwanted).hasSize(1_100);
        Files.Page page = files.list(ACME, Optional.of("assistants"), Optional.empty(), 10);
        assertThat(page.files()).isEmpty();
        assertThat(page.next()).isEmpty();
    }

    @Test
    void aFileThatTookLongToComeIsKeptNoShorter() throws Exception {
        FileId id = FileId.create(now, random);
        write(id);
        now = now.plus(HOUR.multipliedBy(3));
        StoredFile file = files.keep(id, ACME, "lines.jsonl", StoredFile.INPUT, HOUR);
        assertThat(file.createdAt()).isEqualTo(now);
        assertThat(file.expiresAt()).isEqualTo(now.plus(HOUR));
        assertThat(files.find(ACME, id)).contains(file);
        now = file.expiresAt();
        assertThat(files.find(ACME, id)).isEmpty();
    }
}
