package dev.thunderhead.frontend.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thunderhead.frontend.FinishedJobs;
import dev.thunderhead.frontend.job.MemoryStore;
import dev.thunderhead.health.Readiness;
import dev.thunderhead.job.Account;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Deliveries over days, by a clock that is set. */
class DelivererTest {
    private static final Account ACME = new Account("acme");
    private static final String ID = "we_" + "1".repeat(32);

    private final MemoryStore store = new MemoryStore();
    private final Endpoints endpoints = new Endpoints(store);
    private final DeliveryLog log = new DeliveryLog(store);
    private final DeliveryLogWriter writer = new DeliveryLogWriter(log);
    private final SetClock clock = new SetClock();
    private final List<Sender.Request> calls = new CopyOnWriteArrayList<>();
    private final MemoryJournal journal = new MemoryJournal();
    private volatile int status = 500;
    private Deliverer deliverer;
    private CallbackPlanner planner;

    private static final class SetClock extends Clock {
        // A little ahead, so that jobs of this test have ended already.
        private volatile Instant now = Instant.now().plus(Duration.ofHours(1));

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
    }

    /** Tells what is written at once, as a broker does a moment later. */
    private final class MemoryJournal implements DeliveryJournal {
        @Override
        public CompletableFuture<Void> plan(Delivery delivery) {
            deliverer.heard(0, delivery);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletableFuture<Void> update(int partition, Delivery delivery) {
            deliverer.heard(partition, delivery);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void finish(int partition, String delivery, int round) {
            deliverer.over(partition, delivery, round);
        }
    }

    @BeforeEach
    void start() throws Exception {
        Instant now = clock.instant();
        endpoints.register(
                ACME,
                new Endpoint(
                        ID,
                        "test",
                        "https://hooks.example.com/",
                        Set.of("image.generation.completed"),
                        false,
                        now,
                        now,
                        List.of(SigningSecret.create(new Random(1))),
                        Optional.empty(),
                        Optional.empty()));
        NameResolver names = host -> List.of(InetAddress.getByAddress(new byte[] {1, 1, 1, 1}));
        Sender sender = request -> {
            calls.add(request);
            return new Sender.Response(status, Optional.empty());
        };
        deliverer = new Deliverer(
                WebhookSettings.STANDARD,
                journal,
                log,
                writer,
                endpoints,
                new DefaultSecrets(store, new Random(2)),
                new Caller(new Destinations(Reach.PUBLIC, names), sender, clock),
                new Deliverer.Means(clock, new Random(3), new Readiness(), result -> {}));
        planner = new CallbackPlanner(endpoints, log, journal, (account, task, format) -> "https://p/x.png");
        deliverer.start();
        deliverer.assigned(0);
        deliverer.caughtUp(0);
    }

    @AfterEach
    void stop() {
        deliverer.close();
        writer.close();
    }

    private void awaitCalls(int count) {
        await().atMost(Duration.ofSeconds(30)).until(() -> calls.size() == count);
    }

    private Endpoint endpoint() throws Exception {
        return endpoints.find(ACME, ID).orElseThrow();
    }

    private List<DeliveryLog.Entry> entries() throws Exception {
        return log.list(ACME, ID, Optional.empty(), 100);
    }

    private void pass(Duration time) {
        clock.now = clock.now.plus(time);
    }

    @Test
    void theWholeScheduleTakesEightCallsInTwentyEightHours() throws Exception {
        planner.plan(FinishedJobs.completed(ACME), true);
        Instant begun = clock.instant();
        awaitCalls(1);
        for (int tries = 1; tries < 8; tries++) {
            int made = tries;
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> entries().size() == 1
                            && entries().get(0).delivery().attempts().size() == made);
            Instant due = entries().get(0).delivery().dueAt();
            assertThat(entries().get(0).status()).isEqualTo(Delivery.Status.PENDING);
            clock.now = due;
            awaitCalls(tries + 1);
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> entries().get(0).status() == Delivery.Status.FAILED);
        assertThat(Duration.between(begun, clock.instant())).isBetween(Duration.ofHours(27), Duration.ofHours(34));
        assertThat(endpoint().disabled()).isEmpty();
        assertThat(deliverer.pending()).isZero();
    }

    @Test
    void anEndpointThatFailsForFiveDaysIsCalledNoMore() throws Exception {
        planner.plan(FinishedJobs.completed(ACME), true);
        awaitCalls(1);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> endpoint().failingSince().isPresent());
        assertThat(endpoint().disabled()).isEmpty();

        pass(Duration.ofDays(5).plusSeconds(1));
        awaitCalls(2);
        await().atMost(Duration.ofSeconds(30)).until(() -> endpoint().disabled().isPresent());

        assertThat(endpoint().disabled()).contains(Endpoint.Disabled.FAILING);
        await().atMost(Duration.ofSeconds(30)).until(() -> deliverer.pending() == 0);
        await().atMost(Duration.ofSeconds(30)).until(() -> entries().get(0).status() == Delivery.Status.FAILED);
        planner.plan(FinishedJobs.completed(ACME), true);
        assertThat(deliverer.pending()).isZero();
        assertThat(calls).hasSize(2);
    }

    @Test
    void oneSuccessEndsTheCountOfDays() throws Exception {
        planner.plan(FinishedJobs.completed(ACME), true);
        awaitCalls(1);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> endpoint().failingSince().isPresent());
        status = 200;
        pass(Duration.ofDays(4));
        awaitCalls(2);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> endpoint().failingSince().isEmpty());
        status = 500;
        pass(Duration.ofDays(2));
        planner.plan(FinishedJobs.completed(ACME), true);
        awaitCalls(3);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> endpoint().failingSince().isPresent());
        assertThat(endpoint().disabled()).isEmpty();
    }
}
