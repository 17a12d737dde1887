package dev.thunderhead.render.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class RetryTest {
    private final Retry retry = new Retry(Clock.systemUTC());
    private final AtomicInteger attempts = new AtomicInteger();

    @Test
    void triesUntilItWorks() throws Exception {
        assertThat(retry.until(Instant.MAX, "test", () -> failTimes(2))).isEqualTo("done");
        assertThat(attempts).hasValue(3);
    }

    @Test
    void givesUpWhenTheTimeIsUp() {
        assertThatThrownBy(() -> retry.until(Instant.MIN, "test", () -> failTimes(2)))
                .isInstanceOf(IOException.class);
        assertThat(attempts).hasValue(1);
    }

    @Test
    void stopsWhenItIsInterrupted() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> retry.until(Instant.MAX, "test", () -> failTimes(2)))
                .isInstanceOf(IOException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    private String failTimes(int failures) throws IOException {
        if (attempts.incrementAndGet() <= failures) {
            throw new IOException("not yet");
        }
        return "done";
    }
}
