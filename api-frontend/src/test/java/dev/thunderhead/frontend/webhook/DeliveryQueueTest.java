package dev.thunderhead.frontend.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thunderhead.frontend.ManualClock;
import dev.thunderhead.job.Account;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DeliveryQueueTest {
    private static final Account ACME = new Account("acme");
    private static final Account OTHER = new Account("other");
    private static final Duration PAUSE = Duration.ofSeconds(30);
    private static final WebhookSettings SETTINGS = new WebhookSettings(
            Reach.PUBLIC,
            Schedule.STANDARD,
            Duration.ofSeconds(15),
            4,
            Duration.ofDays(5),
            new WebhookSettings.Breaker(3, PAUSE, Duration.ofSeconds(100)));

    private final ManualClock clock = new ManualClock(Instant.parse("2026-11-22T12:00:00Z"));
    private final DeliveryQueue queue = new DeliveryQueue(SETTINGS, clock);

    private Delivery delivery(Account account, String endpoint, int number) {
        Target target = new Target.Registered(endpoint);
        return Delivery.first(account, target, "job " + number, "image.generation.completed", "{}", clock.instant());
    }

    private void hear(Account account, String endpoint, int count) {
        for (int i = 0; i < count; i++) {
            queue.heard(0, delivery(account, endpoint, i));
        }
    }

    private void own() {
        queue.assigned(0);
        queue.caughtUp(0);
    }

    private List<PendingDelivery> takeAll() {
        List<PendingDelivery> all = new ArrayList<>();
        for (Optional<PendingDelivery> next = queue.poll(); next.isPresent(); next = queue.poll()) {
            all.add(next.get());
        }
        return all;
    }

    private void fail(PendingDelivery pending) {
        queue.failed(pending, pending.delivery().after(failure(), clock.instant()), Instant.EPOCH);
    }

    private Attempt failure() {
        return new Attempt(clock.instant(), Optional.of(500), 5, Optional.of("the answer was 500"));
    }

    @Test
    void nothingGoesBeforeAllIsToldThatStoodThere() {
        queue.assigned(0);
        hear(ACME, "we_1", 2);
        queue.over(0, delivery(ACME, "we_1", 0).id(), 0);
        assertThat(takeAll()).isEmpty();
        queue.caughtUp(0);
        assertThat(takeAll())
                .singleElement()
                .satisfies(pending -> assertThat(pending.replayed()).isTrue())
                .satisfies(pending -> assertThat(pending.delivery()).isEqualTo(delivery(ACME, "we_1", 1)));
    }

    @Test
    void aReceiverGetsOnlySoManyCallsAtATimeAndOthersDoNotWaitForIt() {
        own();
        hear(ACME, "we_1", 10);
        List<PendingDelivery> first = takeAll();
        assertThat(first).hasSize(4);
        hear(OTHER, "we_2", 2);
        assertThat(takeAll())
                .extracting(pending -> pending.delivery().account())
                .containsExactly(OTHER, OTHER);
        queue.succeeded(first.get(0));
        assertThat(takeAll()).hasSize(1);
    }

    @Test
    void anAccountWithManyReceiversLeavesRoomForOthers() {
        own();
        for (int endpoint = 0; endpoint < 40; endpoint++) {
            hear(ACME, "we_" + endpoint, 4);
        }
        List<PendingDelivery> own = takeAll();
        assertThat(own).hasSize(DeliveryQueue.MOST_OF_ACCOUNT);
        hear(OTHER, "we_x", 1);
        assertThat(takeAll()).hasSize(1);
        own.forEach(queue::succeeded);
        assertThat(takeAll()).hasSize(DeliveryQueue.MOST_OF_ACCOUNT);
    }

    @Test
    void receiversTakeTurns() {
        own();
        hear(ACME, "we_1", 3);
        clock.forward(Duration.ofSeconds(1));
        hear(ACME, "we_2", 3);
        clock.forward(Duration.ofSeconds(1));
        List<String> turns = takeAll().stream()
                .map(pending -> pending.delivery().target().name())
                .toList();
        assertThat(turns.subList(0, 2)).containsExactly("we_1", "we_2");
        assertThat(turns).hasSize(6);
    }

    @Test
    void aReceiverThatFailsAgainAndAgainIsLeftAloneAndThenTriedByOneCall() {
        own();
        hear(ACME, "we_1", 10);
        List<PendingDelivery> calls = takeAll();
        calls.forEach(this::fail);
        assertThat(takeAll()).isEmpty();
        clock.forward(PAUSE.minusMillis(1));
        assertThat(takeAll()).isEmpty();
        clock.forward(Duration.ofMillis(1));
        List<PendingDelivery> probe = takeAll();
        assertThat(probe).hasSize(1);

        fail(probe.get(0));
        clock.forward(PAUSE.multipliedBy(2).minusMillis(1));
        assertThat(takeAll()).isEmpty();
        clock.forward(Duration.ofMillis(1));
        probe = takeAll();
        assertThat(probe).hasSize(1);

        queue.succeeded(probe.get(0));
        assertThat(takeAll()).hasSize(4);
    }

    @Test
    void aReceiverIsLeftAloneAsItWishes() {
        own();
        hear(ACME, "we_1", 5);
        PendingDelivery call = queue.poll().orElseThrow();
        Instant wish = clock.instant().plusSeconds(60);
        queue.failed(call, call.delivery().after(failure(), wish), wish);
        assertThat(takeAll()).isEmpty();
        clock.forward(Duration.ofSeconds(60));
        assertThat(takeAll()).hasSize(4);
    }

    @Test
    void whatIsToldTwiceIsDeliveredOnce() {
        own();
        hear(ACME, "we_1", 1);
        hear(ACME, "we_1", 1);
        PendingDelivery call = queue.poll().orElseThrow();
        hear(ACME, "we_1", 1);
        assertThat(takeAll()).isEmpty();
        queue.succeeded(call);
        assertThat(queue.heard(0, call.delivery())).isEqualTo(new DeliveryQueue.Heard.Over());
        assertThat(takeAll()).isEmpty();
        assertThat(queue.size()).isZero();
    }

    @Test
    void aDeliveryAskedForAnewOutlivesItsFormerEnd() {
        own();
        hear(ACME, "we_1", 1);
        PendingDelivery call = queue.poll().orElseThrow();
        queue.succeeded(call);
        Delivery again = call.delivery().again(clock.instant());
        queue.heard(0, again);
        assertThat(queue.over(0, again.id(), 0)).contains(again);
        PendingDelivery second = queue.poll().orElseThrow();
        assertThat(second.delivery().round()).isEqualTo(1);
        queue.succeeded(second);
        assertThat(queue.over(0, again.id(), 1)).isEmpty();
        assertThat(queue.size()).isZero();
    }

    @Test
    void anEndThatAnotherFrontendReportsStopsFurtherCalls() {
        own();
        hear(ACME, "we_1", 1);
        PendingDelivery call = queue.poll().orElseThrow();
        assertThat(queue.over(0, call.delivery().id(), 0)).isEmpty();
        fail(call);
        assertThat(takeAll()).isEmpty();
        assertThat(queue.size()).isZero();
    }

    @Test
    void whatBelongsToAnotherFrontendNowIsNotCalled() {
        own();
        hear(ACME, "we_1", 6);
        List<PendingDelivery> calls = takeAll();
        queue.revoked(0);
        fail(calls.get(0));
        queue.succeeded(calls.get(1));
        assertThat(takeAll()).isEmpty();
        assertThat(queue.size()).isZero();
        // It comes back, is told anew, and calls still under way take their places.
        own();
        hear(ACME, "we_1", 6);
        assertThat(takeAll()).hasSize(2);
    }

    @Test
    void whatWeCouldNotDoOurselvesComesBackWithoutBlame() {
        own();
        hear(ACME, "we_1", 1);
        PendingDelivery call = queue.poll().orElseThrow();
        queue.postponed(call, clock.instant().plusSeconds(5));
        assertThat(takeAll()).isEmpty();
        clock.forward(Duration.ofSeconds(5));
        assertThat(takeAll())
                .singleElement()
                .satisfies(pending -> assertThat(pending.delivery().tries()).isZero());
    }

    @Test
    void whatTellsLessThanIsKnownIsAnsweredWithWhatIsKnown() {
        own();
        hear(ACME, "we_1", 1);
        PendingDelivery call = queue.poll().orElseThrow();
        Delivery next = call.delivery().after(failure(), clock.instant());
        queue.failed(call, next, Instant.EPOCH);
        assertThat(queue.heard(0, next)).isEqualTo(new DeliveryQueue.Heard.Taken());
        assertThat(queue.heard(0, call.delivery())).isEqualTo(new DeliveryQueue.Heard.Stale(next));
        assertThat(takeAll())
                .singleElement()
                .satisfies(pending -> assertThat(pending.delivery().tries()).isEqualTo(1));
    }

    @Test
    void howeverManyAccountsHaveSlowReceiversAnotherGetsItsTurn() {
        own();
        for (int account = 0; account < 12; account++) {
            for (int endpoint = 0; endpoint < 16; endpoint++) {
                hear(new Account("slow" + account), "we_" + account + "_" + endpoint, 4);
            }
        }
        List<PendingDelivery> slow = takeAll();
        assertThat(slow).hasSizeBetween(Deliverer.MOST_CALLS / 2, Deliverer.MOST_CALLS - 1);
        hear(OTHER, "we_x", 1);
        List<PendingDelivery> other = takeAll();
        assertThat(other).extracting(pending -> pending.delivery().account()).containsExactly(OTHER);

        queue.succeeded(other.get(0));
        int delivered = 1;
        for (List<PendingDelivery> calls = slow; !calls.isEmpty(); calls = takeAll()) {
            delivered += calls.size();
            calls.forEach(queue::succeeded);
        }
        assertThat(delivered).isEqualTo(12 * 16 * 4 + 1);
        assertThat(queue.size()).isZero();
    }

    @Test
    void receiversThatWaitForTheirAccountTakeTurns() {
        own();
        for (int endpoint = 0; endpoint < DeliveryQueue.MOST_OF_ACCOUNT / 4; endpoint++) {
            hear(ACME, "we_" + endpoint, 4);
        }
        List<PendingDelivery> own = takeAll();
        assertThat(own).hasSize(DeliveryQueue.MOST_OF_ACCOUNT);
        for (int number = 0; number < 4; number++) {
            queue.heard(0, delivery(ACME, "we_busy", number));
            // It waits already, and does not wait twice.
            assertThat(takeAll()).isEmpty();
        }
        hear(ACME, "we_late", 1);
        assertThat(takeAll()).isEmpty();
        List<String> turns = new ArrayList<>();
        for (PendingDelivery call : own.subList(0, 2)) {
            queue.succeeded(call);
            takeAll().forEach(next -> turns.add(next.delivery().target().name()));
        }
        assertThat(turns).containsExactly("we_busy", "we_late");
    }
}
