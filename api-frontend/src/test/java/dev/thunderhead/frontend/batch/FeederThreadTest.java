package dev.thunderhead.frontend.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thunderhead.health.Readiness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class FeederThreadTest {
    private final Readiness readiness = new Readiness();

    private static void fail() {
        throw new IllegalStateException("nobody foresaw this");
    }

    @Test
    @Timeout(30)
    void aThreadThatCannotEvenForgetDoesNotDieUnnoticed() {
        try (FeederThread thread = new FeederThread(FeederThreadTest::fail, FeederThreadTest::fail, readiness)) {
            thread.start();
            FeedingFixture.patiently().until(() -> !readiness.isAlive());
            assertThat(readiness.problems()).containsKey("feeder");
        }
    }
}
