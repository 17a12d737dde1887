package dev.thunderhead.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thunderhead.frontend.media.StableAddresses;
import dev.thunderhead.frontend.queue.KafkaDeliveryJournal;
import dev.thunderhead.frontend.webhook.CallbackPlanner;
import dev.thunderhead.frontend.webhook.Delivery;
import dev.thunderhead.frontend.webhook.DeliveryLog;
import dev.thunderhead.frontend.webhook.Endpoint;
import dev.thunderhead.frontend.webhook.Endpoints;
import dev.thunderhead.frontend.webhook.Reach;
import dev.thunderhead.frontend.webhook.Receiver;
import dev.thunderhead.frontend.webhook.Schedule;
import dev.thunderhead.frontend.webhook.SigningSecret;
import dev.thunderhead.frontend.webhook.WebhookSettings;
import dev.thunderhead.job.Account;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of deliveries when the process that makes them is killed. */
@Tag("survival")
class WebhookRestartIT {
    private static final Account ACME = new Account("acme");
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final WebhookSettings QUICK = new WebhookSettings(
            Reach.ANYWHERE,
            Schedule.parse("1s,1s,1s,1s"),
            Duration.ofSeconds(20),
            4,
            Duration.ofDays(5),
            new WebhookSettings.Breaker(100, Duration.ofSeconds(1), Duration.ofSeconds(1)));

    @TempDir
    Path data;

    private Process start(Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-jar",
                        Path.of("target", "api-frontend.jar").toString())
                .redirectErrorStream(true)
                .redirectOutput(data.resolve("output.log").toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("THUNDERHEAD_"));
        builder.environment().putAll(environment);
        builder.environment().put("THUNDERHEAD_WEBHOOK_ALLOW_PRIVATE", "true");
        builder.environment().put("THUNDERHEAD_WEBHOOK_SCHEDULE", "1s,1s,1s,1s");
        builder.environment().put("THUNDERHEAD_WEBHOOK_TIMEOUT", "20s");
        return builder.start();
    }

    private static Endpoint endpoint(String digit, String url) {
        return new Endpoint(
                "we_" + digit.repeat(32),
                "test",
                url,
                Set.of("image.generation.completed"),
                true,
                Instant.now(),
                Instant.now(),
                List.of(SigningSecret.create(new SecureRandom())),
                Optional.empty(),
                Optional.empty());
    }

    private static Set<String> ids(List<Receiver.Call> calls) {
        return calls.stream().map(Receiver.Call::id).collect(Collectors.toSet());
    }

    private static long delivered(DeliveryLog log, Endpoint endpoint) throws IOException {
        return log.list(ACME, endpoint.id(), Optional.empty(), 100).stream()
                .filter(entry -> entry.status() == Delivery.Status.SUCCEEDED)
                .count();
    }

    @Test
    void killedWhereverItIsItLosesNoneAndRepeatsOnlyWhatWasUnderWay() throws Exception {
        CountDownLatch killed = new CountDownLatch(1);
        AtomicBoolean recovered = new AtomicBoolean();
        Map<String, Integer> successes = new ConcurrentHashMap<>();
        try (Backing backing = new Backing(data);
                Receiver good = new Receiver(call -> {
                    successes.merge(call.id(), 1, Integer::sum);
                    return 200;
                });
                Receiver failing = new Receiver(call -> recovered.get() ? 200 : 500);
                Receiver hanging = new Receiver(call -> {
                    killed.await();
                    return 200;
                });
                KafkaDeliveryJournal journal = new KafkaDeliveryJournal(backing.kafka(), Duration.ofSeconds(10))) {
            Endpoints endpoints = new Endpoints(backing.store);
            DeliveryLog log = new DeliveryLog(backing.store);
            CallbackPlanner planner = new CallbackPlanner(
                    endpoints,
                    log,
                    journal,
                    new StableAddresses(() -> URI.create("https://pictures.example"), backing.objectKeys));
            Endpoint one = endpoint("1", good.url("/"));
            Endpoint two = endpoint("2", failing.url("/"));
            Endpoint three = endpoint("3", hanging.url("/"));
            Process first = start(new HashMap<>(backing.environment()));
            try {
                for (Endpoint endpoint : List.of(one, two, three)) {
                    endpoints.register(ACME, endpoint);
                }
                for (int i = 0; i < 10; i++) {
                    planner.plan(FinishedJobs.completed(ACME), true);
                }
                await().atMost(PATIENCE).until(() -> delivered(log, one) == 10);
                await().atMost(PATIENCE).until(() -> ids(failing.calls()).size() == 10);
                await().atMost(PATIENCE).until(() -> !hanging.calls().isEmpty());
            } finally {
                // SIGKILL: nothing is tidied up.
                first.destroyForcibly().waitFor();
            }
            killed.countDown();
            recovered.set(true);
            Set<String> before = ids(failing.calls());

            try (Frontend second = backing.frontend(Backing.CALLS, QUICK)) {
                await().atMost(PATIENCE).until(() -> delivered(log, two) == 10 && delivered(log, three) == 10);
                assertThat(second.readiness().isAlive()).isTrue();
            }
            assertThat(ids(failing.calls())).isEqualTo(before);
            for (Receiver receiver : List.of(good, failing, hanging)) {
                assertThat(ids(receiver.calls())).hasSize(10);
                assertThat(receiver.calls().stream().map(Receiver.Call::body).distinct())
                        .hasSize(10);
            }
            // What had been answered before is not called again.
            assertThat(successes).hasSize(10);
            assertThat(successes.values()).containsOnly(1);
        }
    }
}
