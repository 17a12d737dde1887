package dev.thunderhead.frontend.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thunderhead.frontend.ManualClock;
import dev.thunderhead.frontend.error.ApiException;
import dev.thunderhead.frontend.job.MemoryStore;
import dev.thunderhead.frontend.listing.Page;
import dev.thunderhead.job.Account;
import dev.thunderhead.storage.ObjectKeys;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FilesTest {
    private static final Account ACME = new Account("acme");
    private static final Duration HOUR = Duration.ofHours(1);

    private final MemoryStore store = new MemoryStore();
    private final Random random = new Random(1);
    private final ManualClock clock = new ManualClock(Instant.parse("2026-03-01T00:00:00Z"));
    private final Files files = new Files(store, clock);

    private void write(FileId id) throws IOException {
        files.write(id, ACME, new ByteArrayInputStream(new byte[] {1, 2, 3}), 3);
    }

    /** Many small files, each a second older than the one before. */
    private List<FileId> files(int count, String purpose) throws IOException {
        List<FileId> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            clock.forward(Duration.ofSeconds(1));
            FileId id = FileId.create(clock.instant(), random);
            write(id);
            files.keep(id, ACME, "lines.jsonl", purpose, HOUR.multipliedBy(24));
            ids.add(0, id);
        }
        return ids;
    }

    private static List<FileId> ids(Page<FileId, StoredFile> page) {
        return page.entries().stream().map(StoredFile::id).toList();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aListingGoesOnWhereItEnded(boolean oldestFirst) throws Exception {
        List<FileId> all = files(250, StoredFile.INPUT);
        if (oldestFirst) {
            Collections.reverse(all);
        }
        List<FileId> listed = new ArrayList<>();
        Optional<FileId> behind = Optional.empty();
        do {
            Page<FileId, StoredFile> page = files.list(ACME, Optional.of(StoredFile.INPUT), behind, 50, oldestFirst);
            assertThat(page.entries()).hasSize(50);
            listed.addAll(ids(page));
            behind = page.next();
        } while (behind.isPresent());
        assertThat(listed).isEqualTo(all);
    }

    @Test
    void oneCallReadsSoManyAndSaysWhereToGoOnOnceItHasAny() throws Exception {
        List<FileId> wanted = files(1, StoredFile.OUTPUT);
        List<FileId> others = files(1_100, StoredFile.INPUT);
        List<FileId> newest = files(1, StoredFile.OUTPUT);
        Page<FileId, StoredFile> first = files.list(ACME, Optional.of(StoredFile.OUTPUT), Optional.empty(), 10, false);
        assertThat(ids(first)).isEqualTo(newest);
        assertThat(first.next()).contains(others.get(998));
        Page<FileId, StoredFile> second = files.list(ACME, Optional.of(StoredFile.OUTPUT), first.next(), 10, false);
        assertThat(ids(second)).isEqualTo(wanted);
        assertThat(second.next()).isEmpty();
    }

    @Test
    void aListingGoesOnBehindWhatWasDeleted() throws Exception {
        List<FileId> all = files(3, StoredFile.INPUT);
        assertThat(files.delete(ACME, all.get(1))).isTrue();
        assertThat(ids(files.list(ACME, Optional.empty(), Optional.of(all.get(1)), 10, false)))
                .containsExactly(all.get(2));
        assertThat(ids(files.list(ACME, Optional.empty(), Optional.of(all.get(1)), 10, true)))
                .containsExactly(all.get(0));
    }

    @Test
    void theOldestOfVeryManyAreNotLookedFor() throws Exception {
        for (int i = 0; i <= 10_000; i++) {
            FileId id = FileId.create(clock.instant().plusSeconds(i), random);
            store.put(ObjectKeys.file(ACME, id.value()), new byte[0], "application/json", Map.of());
        }
        assertThatThrownBy(() -> files.list(ACME, Optional.empty(), Optional.empty(), 10, true))
                .isInstanceOfSatisfying(
                        ApiException.class,
                        problem -> assertThat(problem.error().param()).isEqualTo("order"));
    }

    @Test
    void oneThatCannotBeReadIsLeftOutAndCanBeDeleted() throws Exception {
        List<FileId> all = files(3, StoredFile.INPUT);
        store.put(ObjectKeys.file(ACME, all.get(1).value()), new byte[] {'{'}, "application/json", Map.of());
        store.put(ObjectKeys.files(ACME) + "x", new byte[0], "application/json", Map.of());
        assertThat(ids(files.list(ACME, Optional.empty(), Optional.empty(), 10, false)))
                .containsExactly(all.get(0), all.get(2));
        assertThat(files.delete(ACME, all.get(1))).isTrue();
        assertThat(store.list(ObjectKeys.fileContent(ACME, ""))).hasSize(2);
        assertThat(files.delete(ACME, all.get(1))).isFalse();
    }

    @Test
    void ofAPurposeThatNoFileCanHaveThereIsNothing() throws Exception {
        List<FileId> unwanted = files(1_100, StoredFile.INPUT);
        assertThat(unwanted).hasSize(1_100);
        Page<FileId, StoredFile> page = files.list(ACME, Optional.of("assistants"), Optional.empty(), 10, false);
        assertThat(page.entries()).isEmpty();
        assertThat(page.next()).isEmpty();
    }

    @Test
    void aFileThatTookLongToComeIsKeptNoShorter() throws Exception {
        FileId id = FileId.create(clock.instant(), random);
        write(id);
        clock.forward(HOUR.multipliedBy(3));
        StoredFile file = files.keep(id, ACME, "lines.jsonl", StoredFile.INPUT, HOUR);
        assertThat(file.createdAt()).isEqualTo(clock.instant());
        assertThat(file.expiresAt()).isEqualTo(clock.instant().plus(HOUR));
        assertThat(files.find(ACME, id)).contains(file);
        clock.set(file.expiresAt());
        assertThat(files.find(ACME, id)).isEmpty();
    }
}
