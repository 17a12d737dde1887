package dev.thunderhead.frontend.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thunderhead.frontend.job.MemoryStore;
import dev.thunderhead.job.Account;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class DeliveryLogWriterTest {
    private static final Account ACME = new Account("acme");
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    private final MemoryStore store = new MemoryStore();
    private final DeliveryLog log = new DeliveryLog(store);

    private static Delivery delivery(String job) {
        Target target = new Target.Registered("we_1");
        return Delivery.first(ACME, target, job, "image.generation.completed", "{}", NOW);
    }

    private void stands(String content) {
        String key = DeliveryLog.key(delivery("any"));
        store.put(key, content.getBytes(StandardCharsets.UTF_8), "application/json", Map.of());
    }

    @Test
    void whatCannotBeWrittenIsKeptAndWrittenWithWhatComesNext() throws Exception {
        Delivery first = delivery("first");
        Delivery second = delivery("second");
        stands("unreadable");
        try (DeliveryLogWriter writer = new DeliveryLogWriter(log)) {
            CompletableFuture<Void> early = writer.write(new DeliveryLog.Entry(Delivery.Status.SUCCEEDED, first));
            // Fails when the rounds have tried it at least once.
            Thread.sleep(500);
            assertThat(early).isNotDone();
            CompletableFuture<Void> late = writer.write(new DeliveryLog.Entry(Delivery.Status.FAILED, second));
            stands("{\"entries\": []}");
            await().atMost(Duration.ofSeconds(30)).until(() -> early.isDone() && late.isDone());
        }
        assertThat(log.list(ACME, "we_1", Optional.empty(), 10))
                .extracting(entry -> entry.delivery().id())
                .containsExactlyInAnyOrderElementsOf(List.of(first.id(), second.id()));
    }

    @Test
    void whatIsLeftIsWrittenAtTheEnd() throws Exception {
        DeliveryLogWriter writer = new DeliveryLogWriter(log);
        CompletableFuture<Void> written =
                writer.write(new DeliveryLog.Entry(Delivery.Status.SUCCEEDED, delivery("last")));
        writer.close();
        assertThat(written).isDone();
        assertThat(log.isOver(delivery("last"))).isTrue();
    }
}
