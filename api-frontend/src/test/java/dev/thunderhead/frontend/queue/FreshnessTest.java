package dev.thunderhead.frontend.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FreshnessTest {
    private final Freshness freshness = new Freshness(seconds(0));

    private static long seconds(double seconds) {
        return (long) (seconds * TimeUnit.SECONDS.toNanos(1));
    }

    /** Polls twice a second, each time with one more heartbeat answered. */
    private void goOn(double from, double to) {
        for (double now = from; now <= to; now += 0.5) {
            freshness.polled(seconds(now), now);
        }
    }

    private boolean isFresh(double now) {
        return freshness.isFresh(seconds(now));
    }

    @Test
    void whoPollsAndIsAnsweredIsFreshFromTheBeginning() {
        assertThat(isFresh(0)).isTrue();
        goOn(0.5, 20);
        assertThat(isFresh(20)).isTrue();
    }

    @Test
    void whoWasFrozenIsDoubtedUntilSecondsAfterItIsBack() {
        goOn(0.5, 1);
        assertThat(isFresh(4.9)).isTrue();
        assertThat(isFresh(5)).as("it may be frozen").isFalse();
        goOn(6, 9);
        assertThat(isFresh(9)).as("another one may have been chosen").isFalse();
        goOn(9.5, 9.5);
        assertThat(isFresh(9.5)).isTrue();
    }

    @Test
    void whoIsNotAnsweredIsDoubtedTooThoughItPolls() {
        goOn(0.5, 1);
        for (double now = 1.5; now <= 6; now += 0.5) {
            freshness.polled(seconds(now), 1);
        }
        assertThat(isFresh(6)).isFalse();
        goOn(6.5, 9.5);
        assertThat(isFresh(9.5)).isFalse();
        goOn(10, 10);
        assertThat(isFresh(10)).isTrue();
    }

    @Test
    void whoIsGivenThePartitionAnewIsFreshAtOnce() {
        goOn(0.5, 1);
        freshness.assigned(seconds(9), true);
        goOn(9, 9);
        assertThat(isFresh(9)).isTrue();
    }

    @Test
    void whoIsGivenNothingStaysDoubted() {
        goOn(0.5, 1);
        freshness.assigned(seconds(9), false);
        goOn(9, 9);
        assertThat(isFresh(9)).isFalse();
    }
}
