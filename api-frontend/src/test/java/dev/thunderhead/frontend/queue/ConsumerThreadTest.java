package dev.thunderhead.frontend.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thunderhead.health.Readiness;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.junit.jupiter.api.Test;

class ConsumerThreadTest {
    private final Readiness readiness = new Readiness();
    private final MockConsumer<String, byte[]> consumer = new MockConsumer<>("earliest");

    private ConsumerThread thread(Runnable round) {
        return new ConsumerThread("part", consumer, readiness, () -> {}, round);
    }

    @Test
    void healthFailsWhenItDies() {
        try (ConsumerThread thread = thread(() -> {
            throw new IllegalStateException("broken");
        })) {
            thread.start();
            await().atMost(Duration.ofSeconds(5)).until(() -> !readiness.isAlive());
            assertThat(readiness.problems()).containsKey("part");
        }
        assertThat(consumer.closed()).isTrue();
    }

    @Test
    void closingIsNoDeath() {
        AtomicInteger rounds = new AtomicInteger();
        try (ConsumerThread thread = thread(() -> {
            rounds.incrementAndGet();
            Thread.onSpinWait();
        })) {
            thread.start();
            await().atMost(Duration.ofSeconds(5)).until(() -> rounds.get() > 3);
        }
        assertThat(readiness.isAlive()).isTrue();
        assertThat(consumer.closed()).isTrue();
    }
}
