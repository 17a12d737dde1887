package dev.thunderhead.frontend.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thunderhead.frontend.FinishedJobs;
import dev.thunderhead.frontend.batch.BatchCallbacks;
import dev.thunderhead.frontend.job.MemoryStore;
import dev.thunderhead.job.Account;
import dev.thunderhead.job.BatchEvent;
import dev.thunderhead.job.Callback;
import dev.thunderhead.job.CallbackEvent;
import dev.thunderhead.job.JobEvent;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CallbackPlannerTest {
    private static final Account ACME = new Account("acme");
    private static final Instant NOW = Instant.ofEpochSecond(1_790_000_000);

    private final MemoryStore store = new MemoryStore();
    private final Endpoints endpoints = new Endpoints(store);
    private final DeliveryLog log = new DeliveryLog(store);
    private final List<Delivery> planned = new ArrayList<>();
    private boolean isAway;

    private final CallbackPlanner planner = new CallbackPlanner(
            endpoints,
            log,
            new DeliveryJournal() {
                @Override
                public CompletableFuture<Void> plan(Delivery delivery) {
                    planned.add(delivery);
                    return isAway
                            ? CompletableFuture.failedFuture(new IOException("away"))
                            : CompletableFuture.completedFuture(null);
                }

                @Override
                public CompletableFuture<Void> update(int partition, Delivery delivery) {
                    throw new AssertionError("a planner only plans");
                }

                @Override
                public void finish(int partition, String delivery, int round) {
                    throw new AssertionError("a planner only plans");
                }
            },
            (account, task, format) -> "https://p/" + task.index());

    private final BatchCallbacks batches = planner;

    @BeforeEach
    void register() throws IOException {
        register('1', CallbackEvent.all().stream().map(CallbackEvent::type).collect(Collectors.toSet()));
        register('2', Set.of("batch.completed"));
        register('3', Set.of("image.generation.completed"));
    }

    private void register(char digit, Set<String> types) throws IOException {
        Endpoint endpoint = new Endpoint(
                id(digit),
                "test",
                "https://receiver.example/",
                types,
                true,
                NOW,
                NOW,
                List.of(SigningSecret.create(new Random(1))),
                Optional.empty(),
                Optional.empty());
        assertThat(endpoints.register(ACME, endpoint)).isPresent();
    }

    private static String id(char digit) {
        return "we_" + String.valueOf(digit).repeat(32);
    }

    private List<String> called() {
        return planned.stream().map(delivery -> delivery.target().name()).toList();
    }

    @Test
    void whoeverWantsToHearOfABatchIsToldOfItsEnd() throws Exception {
        batches.plan(ACME, "batch_1", BatchEvent.COMPLETED, NOW);
        assertThat(called()).containsExactlyInAnyOrder(id('1'), id('2'));
        assertThat(planned).allSatisfy(delivery -> {
            assertThat(delivery.type()).isEqualTo("batch.completed");
            assertThat(delivery.createdAt()).isEqualTo(NOW);
            assertThat(delivery.payload()).contains("\"data\":{\"id\":\"batch_1\"}");
        });
        planned.clear();
        batches.plan(ACME, "batch_1", BatchEvent.EXPIRED, NOW);
        assertThat(called()).containsExactly(id('1'));
        planned.clear();
        batches.plan(new Account("other"), "batch_1", BatchEvent.COMPLETED, NOW);
        assertThat(planned).isEmpty();
    }

    @Test
    void planningTwicePlansTheSame() throws Exception {
        batches.plan(ACME, "batch_1", BatchEvent.COMPLETED, NOW);
        List<Delivery> first = List.copyOf(planned);
        planned.clear();
        batches.plan(ACME, "batch_1", BatchEvent.COMPLETED, NOW);
        assertThat(planned).isEqualTo(first);
    }

    @Test
    void whatHasBeenDeliveredIsNotPlannedAgain() throws Exception {
        batches.plan(ACME, "batch_1", BatchEvent.COMPLETED, NOW);
        Delivery done = planned.stream()
                .filter(delivery -> delivery.target().name().equals(id('2')))
                .findFirst()
                .orElseThrow();
        log.write(DeliveryLog.key(done), List.of(new DeliveryLog.Entry(Delivery.Status.SUCCEEDED, done)));
        planned.clear();
        batches.plan(ACME, "batch_1", BatchEvent.COMPLETED, NOW);
        assertThat(called()).containsExactly(id('1'));
    }

    @Test
    void whatMayNotBeInTheJournalIsNotPlanned() {
        isAway = true;
        assertThatThrownBy(() -> batches.plan(ACME, "batch_1", BatchEvent.FAILED, NOW))
                .isInstanceOf(IOException.class);
    }

    @Test
    void aLineOfABatchIsToldOnlyToTheAddressThatItNames() throws Exception {
        planner.plan(FinishedJobs.line(ACME, Optional.empty()), false);
        assertThat(planned).isEmpty();
        Callback callback = new Callback("https://line.example/", Set.of(JobEvent.COMPLETED), false);
        planner.plan(FinishedJobs.line(ACME, Optional.of(callback)), false);
        assertThat(called()).containsExactly("https://line.example/");
        planned.clear();
        planner.plan(FinishedJobs.completed(ACME), false);
        assertThat(called()).containsExactlyInAnyOrder(id('1'), id('3'));
    }
}
