package dev.thunderhead.frontend.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thunderhead.frontend.batch.Batch.Order;
import dev.thunderhead.frontend.file.FileId;
import dev.thunderhead.frontend.job.Interference;
import dev.thunderhead.frontend.job.MemoryStore;
import dev.thunderhead.frontend.listing.Page;
import dev.thunderhead.job.Account;
import dev.thunderhead.storage.ObjectKeys;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BatchesTest {
    private static final Account ACME = new Account("acme");
    private static final Random RANDOM = new Random(1);
    private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");

    private final MemoryStore store = new MemoryStore();
    private final Batches batches = new Batches(store);

    private static Batch begun(Instant at) {
        Order order = new Order(
                FileId.create(at, RANDOM), "24h", at.plusSeconds(60), Map.of(), Duration.ofDays(1), Optional.empty());
        return Batch.begun(BatchId.create(at, RANDOM), ACME, order, at);
    }

    @Test
    void aBatchWhoseWritingWasNotAnsweredIsNotBegunTwice() throws IOException {
        Batches unsteady = new Batches(Interference.with(store, (verb, key, call) -> {
            Object done = call.call();
            if (verb.equals("putIfAbsent")) {
                throw new IOException("timeout");
            }
            return done;
        }));
        Batch batch = begun(NOW);
        assertThat(unsteady.create(batch)).isEqualTo(batch);
    }

    @Test
    void aBatchThatWasNotWrittenIsAFailure() {
        Batches unsteady = new Batches(Interference.with(store, (verb, key, call) -> {
            if (!verb.equals("put")) {
                throw new IOException(verb);
            }
            return call.call();
        }));
        assertThatThrownBy(() -> unsteady.create(begun(NOW)))
                .hasMessage("putIfAbsent")
                .satisfies(problem -> assertThat(problem.getSuppressed()).hasSize(1));
        Batches full = new Batches(Interference.with(store, (verb, key, call) -> {
            if (verb.equals("putIfAbsent")) {
                throw new IOException(verb);
            }
            return call.call();
        }));
        assertThatThrownBy(() -> full.create(begun(NOW))).hasMessage("putIfAbsent");
    }

    @Test
    void aBatchThatWasKeptWhileItsNoteWasTakenAwayHasOneNevertheless() throws IOException {
        Batch batch = begun(NOW);
        Batches slow = new Batches(Interference.with(store, (verb, key, call) -> {
            if (verb.equals("putIfAbsent")) {
                batches.forget(new Batches.Name(ACME, batch.id()));
                assertThat(batches.open()).isEmpty();
            }
            return call.call();
        }));
        slow.create(batch);
        assertThat(batches.open()).containsExactly(new Batches.Name(ACME, batch.id()));
    }

    @Test
    void listsGoOnPastWhatIsNoneOfThem() throws IOException {
        Batch oldest = batches.create(begun(NOW));
        Batch unreadable = batches.create(begun(NOW.plusSeconds(1)));
        Batch newest = batches.create(begun(NOW.plusSeconds(2)));
        store.put(ObjectKeys.batch(ACME, unreadable.id().value()), new byte[] {'{'}, "application/json", Map.of());
        store.put(ObjectKeys.batches(ACME) + "a", new byte[0], "application/json", Map.of());
        store.put(ObjectKeys.batches(ACME) + "notes.json", new byte[0], "application/json", Map.of());
        Page<BatchId, Batch> first = batches.list(ACME, Optional.empty(), 1);
        assertThat(first.entries()).containsExactly(newest);
        Page<BatchId, Batch> second =
                batches.list(ACME, Optional.of(first.next().orElseThrow()), 1);
        assertThat(second.entries()).containsExactly(oldest);
        assertThat(second.next()).isEmpty();
    }
}
