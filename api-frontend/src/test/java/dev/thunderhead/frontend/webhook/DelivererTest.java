package dev.thunderhead.frontend.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thunderhead.frontend.FinishedJobs;
import dev.thunderhead.frontend.ManualClock;
import dev.thunderhead.frontend.error.ApiError;
import dev.thunderhead.frontend.job.MemoryStore;
import dev.thunderhead.health.Readiness;
import dev.thunderhead.job.Account;
import dev.thunderhead.job.JobRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
    // A little ahead, so that jobs of this test have ended already.
    private final ManualClock clock = new ManualClock(Instant.now().plus(Duration.ofHours(1)));
    private final List<Sender.Request> calls = new CopyOnWriteArrayList<>();
    private final MemoryJournal journal = new MemoryJournal();
    private final List<Delivery> updates = new CopyOnWriteArrayList<>();
    private final List<Boolean> loggedAtTheEnd = new CopyOnWriteArrayList<>();
    private volatile int status = 500;
    private volatile Optional<String> retryAfter = Optional.empty();
    private volatile Runnable duringCall = () -> {};
    private volatile Runnable duringLookUp = () -> {};
    private Deliverer deliverer;
    private CallbackPlanner planner;

    /** Tells what is written at once, as a broker does a moment later. */
    private final class MemoryJournal implements DeliveryJournal {
        @Override
        public CompletableFuture<Void> plan(Delivery delivery) {
            deliverer.heard(0, delivery);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletableFuture<Void> update(int partition, Delivery delivery) {
            updates.add(delivery);
            deliverer.heard(partition, delivery);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void finish(int partition, String delivery, int round) {
            loggedAtTheEnd.add(
                    entryOf(delivery).filter(DeliveryLog.Entry::isOver).isPresent());
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
        NameResolver names = host -> {
            duringLookUp.run();
            return List.of(InetAddress.getByAddress(new byte[] {1, 1, 1, 1}));
        };
        Sender sender = request -> {
            calls.add(request);
            duringCall.run();
            return new Sender.Response(status, retryAfter);
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

    private Optional<DeliveryLog.Entry> entryOf(String delivery) {
        try {
            return log.find(ACME, ID, delivery);
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    private void awaitStatus(Delivery.Status wanted) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> entries().size() == 1 && entries().get(0).status() == wanted);
    }

    private void moveTo(String url) {
        try {
            Optional<Endpoint> moved = endpoints.change(
                    ACME,
                    ID,
                    one -> one.changed(one.name(), url, one.types(), one.includeData(), true, clock.instant()));
            assertThat(moved).isPresent();
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    private void pass(Duration time) {
        clock.forward(time);
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
            clock.set(due);
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

    @Test
    void aWishForAShorterPauseDoesNotUseUpTheSchedule() throws Exception {
        retryAfter = Optional.of("0");
        planner.plan(FinishedJobs.completed(ACME), true);
        awaitStatus(Delivery.Status.PENDING);
        assertThat(Duration.between(clock.instant(), entries().get(0).delivery().dueAt()))
                .isGreaterThanOrEqualTo(Duration.ofSeconds(5));
        assertThat(calls).hasSize(1);
    }

    @Test
    void theLogTellsOfAnEndBeforeTheJournalForgetsIt() throws Exception {
        status = 200;
        planner.plan(FinishedJobs.completed(ACME), true);
        await().atMost(Duration.ofSeconds(30)).until(() -> !loggedAtTheEnd.isEmpty());
        status = 410;
        planner.plan(FinishedJobs.completed(ACME), true);
        await().atMost(Duration.ofSeconds(30)).until(() -> loggedAtTheEnd.size() == 2);
        assertThat(loggedAtTheEnd).containsOnly(true);
    }

    @Test
    void aPlanMadeTwiceDoesNotSetTheJournalBack() throws Exception {
        JobRecord.Finished job = FinishedJobs.completed(ACME);
        planner.plan(job, true);
        awaitStatus(Delivery.Status.PENDING);
        assertThat(updates).hasSize(1);
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            updates.clear();
            planner.plan(job, true);
            assertThat(updates)
                    .singleElement()
                    .satisfies(kept -> assertThat(kept.tries()).isEqualTo(1));
        });
        assertThat(calls).hasSize(1);
    }

    @Test
    void aLateAnswerSaysNothingAboutAnAddressThatHasChangedMeanwhile() throws Exception {
        duringCall = () -> moveTo("https://moved.example.com/");
        status = 410;
        planner.plan(FinishedJobs.completed(ACME), true);
        awaitStatus(Delivery.Status.PENDING);
        assertThat(endpoint().disabled()).isEmpty();

        status = 200;
        pass(Duration.ofSeconds(10));
        awaitStatus(Delivery.Status.SUCCEEDED);
        assertThat(calls).hasSize(2);
        assertThat(calls.get(1).url().host()).isEqualTo("moved.example.com");
    }

    @Test
    void anotherAddressStartsWithACleanSlate() throws Exception {
        planner.plan(FinishedJobs.completed(ACME), true);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> endpoint().failingSince().isPresent());
        moveTo("https://moved.example.com/");
        assertThat(endpoint().failingSince()).isEmpty();
    }

    @Test
    void whateverGoesWrongInACallItIsMadeAgainAndItsTurnIsGivenBack() throws Exception {
        duringCall = () -> {
            throw new LinkageError("made by the test");
        };
        status = 200;
        int calledAtOnce = WebhookSettings.STANDARD.concurrency();
        for (int i = 0; i < calledAtOnce; i++) {
            planner.plan(FinishedJobs.completed(ACME), true);
        }
        awaitCalls(calledAtOnce);
        duringCall = () -> {};
        // Again and again: when a call has been made is known here, but not when it has been put off.
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            pass(Duration.ofSeconds(10));
            return deliverer.pending() == 0;
        });
        await().atMost(Duration.ofSeconds(30)).until(() -> entries().size() == calledAtOnce);
        assertThat(entries()).allSatisfy(entry -> {
            assertThat(entry.status()).isEqualTo(Delivery.Status.SUCCEEDED);
            assertThat(entry.delivery().attempts()).hasSize(1);
        });
    }

    @Test
    void aBusyResolverCostsTheReceiverNoTry() throws Exception {
        CountDownLatch lookedUp = new CountDownLatch(1);
        duringLookUp = () -> {
            lookedUp.countDown();
            throw ApiError.unavailable("name_lookup_busy", "busy", Duration.ofSeconds(1))
                    .asException();
        };
        status = 200;
        planner.plan(FinishedJobs.completed(ACME), true);
        assertThat(lookedUp.await(30, TimeUnit.SECONDS)).isTrue();
        duringLookUp = () -> {};
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            pass(Duration.ofSeconds(10));
            return calls.size() == 1;
        });
        awaitStatus(Delivery.Status.SUCCEEDED);
        assertThat(entries().get(0).delivery().attempts()).hasSize(1);
        assertThat(endpoint().failingSince()).isEmpty();
    }
}
