package dev.thunderhead.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thunderhead.frontend.account.Limits;
import dev.thunderhead.job.FailureCode;
import dev.thunderhead.job.Outcome;
import dev.thunderhead.job.RenderProgress;
import dev.thunderhead.job.RenderTask;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The events of a job's life, listened to at either of two frontends while a worker does what the test says. */
@Timeout(120)
class WatchJobIT {
    @TempDir
    static Path data;

    private static Backing backing;
    private static Frontend one;
    private static Frontend other;
    private static Client client;
    private static Client otherClient;

    @BeforeAll
    static void start() throws Exception {
        backing = new Backing(data);
        one = backing.frontend(Backing.CALLS);
        other = backing.frontend(Backing.CALLS);
        client = backing.client(one);
        otherClient = backing.client(other);
    }

    @AfterAll
    static void stop() throws Exception {
        one.close();
        other.close();
        backing.close();
    }

    /** A worker that gets on only when the test lets it, and never in a hurry: before each step and before the end. */
    private static final class Stepwise implements AutoCloseable {
        private final BlockingQueue<String> permits = new LinkedBlockingQueue<>();
        private final FakeWorker worker = new FakeWorker(backing.kafka(), backing.store, this::render);

        private Outcome render(RenderTask task) {
            backing.publish(new RenderProgress.Started(task.id(), Instant.now()));
            for (int step = 1; step <= task.steps(); step++) {
                await();
                backing.publish(
                        new RenderProgress.StepDone(task.id(), Instant.now(), step, task.steps(), Optional.empty()));
            }
            await();
            return task.prompt().equals("fails")
                    ? new Outcome.Failed(FailureCode.SPOILED_PICTURE, "no picture", Instant.now())
                    : FakeWorker.picture(task);
        }

        private void await() {
            try {
                Thread.sleep(50);
                if (permits.poll(60, TimeUnit.SECONDS) == null) {
                    throw new AssertionError("the test forgot the worker");
                }
            } catch (InterruptedException interrupt) {
                throw new AssertionError(interrupt);
            }
        }

        void allow(int count) {
            for (int i = 0; i < count; i++) {
                permits.add("go on");
            }
        }

        @Override
        public void close() {
            allow(1_000);
            worker.close();
        }
    }

    private static String submitted(Client asked, String body) throws Exception {
        return asked.post("/v1/jobs", body).json().get("id").asText();
    }

    private static SseClient watch(Client asked, String job, String... lastEventId) throws Exception {
        var request = asked.request("/v1/jobs/" + job + "/events");
        for (String id : lastEventId) {
            request.header("Last-Event-ID", id);
        }
        return new SseClient(request.build());
    }

    private static SseClient.Event next(SseClient stream) throws Exception {
        return stream.next().orElseThrow(() -> new AssertionError("the stream has ended"));
    }

    private static List<String> names(List<SseClient.Event> events) {
        return events.stream()
                .map(event -> event.name()
                        + (event.data().has("index") ? " " + event.data().get("index") : "")
                        + (event.data().has("step") ? ":" + event.data().get("step") : ""))
                .toList();
    }

    @Test
    void aListenerAtAnotherFrontendHearsTheWholeLifeOfAJob() throws Exception {
        String id = submitted(client, "{\"prompt\": \"a cat\", \"quality\": \"low\"}");
        try (SseClient stream = watch(otherClient, id)) {
            assertThat(stream.status()).isEqualTo(200);
            assertThat(stream.header("content-type")).hasValue("text/event-stream; charset=utf-8");
            SseClient.Event queued = next(stream);
            assertThat(queued.name()).isEqualTo("job.queued");
            assertThat(queued.data().get("type").asText()).isEqualTo("job.queued");
            assertThat(queued.data().at("/job/id").asText()).isEqualTo(id);
            assertThat(queued.data().at("/job/queue_position").asInt(-1)).isZero();

            try (Stepwise worker = new Stepwise()) {
                SseClient.Event started = next(stream);
                assertThat(started.name()).isEqualTo("job.started");
                assertThat(started.data().at("/job/status").asText()).isEqualTo("in_progress");
                assertThat(started.data().at("/job/started_at").asLong()).isPositive();
                for (int step = 1; step <= 2; step++) {
                    worker.allow(1);
                    SseClient.Event done = next(stream);
                    assertThat(done.name()).isEqualTo("job.step");
                    assertThat(done.data().toString())
                            .isEqualTo("{\"type\":\"job.step\",\"job_id\":\"" + id + "\",\"index\":0,\"step\":" + step
                                    + ",\"steps\":2,\"progress\":" + 100 * step / 3 + "}");
                }
                worker.allow(1);
                List<SseClient.Event> end = stream.rest();
                assertThat(names(end)).containsExactly("job.task_finished 0", "job.finished");
                assertThat(end.get(0).data().get("status").asText()).isEqualTo("completed");
                assertThat(end.get(1).data().at("/job/status").asText()).isEqualTo("completed");
                assertThat(end.get(1).data().at("/job/data/0/url").asText()).contains("/media/");
            }
        }
    }

    @Test
    void whoComesBackAtAnotherFrontendIsToldTheRestAndNothingTwice() throws Exception {
        String id = submitted(client, "{\"prompt\": \"a cat\", \"n\": 2, \"quality\": \"low\"}");
        List<SseClient.Event> seen = new ArrayList<>();
        try (Stepwise worker = new Stepwise()) {
            Client[] turns = {otherClient, client};
            String[] last = {};
            worker.allow(1_000);
            // One event at each connection.
            for (int turn = 0;
                    seen.isEmpty() || !seen.get(seen.size() - 1).name().equals("job.finished");
                    turn++) {
                try (SseClient stream = watch(turns[turn % 2], id, last)) {
                    SseClient.Event event = next(stream);
                    seen.add(event);
                    last = new String[] {event.id()};
                }
            }
            try (SseClient stream = watch(client, id, last)) {
                assertThat(stream.status()).isEqualTo(204);
                assertThat(stream.rest()).isEmpty();
            }
        }
        List<String> names = names(seen);
        assertThat(names).doesNotHaveDuplicates();
        assertThat(names)
                .contains("job.started", "job.task_finished 0", "job.task_finished 1")
                .endsWith("job.finished");
        assertThat(names.indexOf("job.started")).isLessThanOrEqualTo(1);
        assertThat(seen.stream().map(SseClient.Event::id)).doesNotHaveDuplicates();
    }

    @Test
    void ofAJobThatEndedLongAgoOnlyTheEndIsTold() throws Exception {
        String id = submitted(client, "{\"prompt\": \"fails\", \"n\": 2}");
        try (Stepwise worker = new Stepwise()) {
            worker.allow(100);
            client.get("/v1/jobs/" + id + "?wait=30");
        }
        try (SseClient stream = watch(otherClient, id)) {
            List<SseClient.Event> events = stream.rest();
            assertThat(names(events)).containsExactly("job.finished");
            assertThat(events.get(0).data().at("/job/status").asText()).isEqualTo("failed");
            assertThat(events.get(0).data().at("/job/error/code").asText()).isEqualTo("spoiled_picture");
        }
        try (SseClient stream = watch(client, id, "6.2")) {
            assertThat(names(stream.rest())).containsExactly("job.task_finished 1", "job.finished");
        }
    }

    @Test
    void aCancelledJobEndsItsStreams() throws Exception {
        String id = submitted(client, "{\"prompt\": \"a cat\"}");
        try (SseClient stream = watch(otherClient, id)) {
            assertThat(next(stream).name()).isEqualTo("job.queued");
            assertThat(client.post("/v1/jobs/" + id + "/cancel", "").status()).isEqualTo(200);

            List<SseClient.Event> rest = stream.rest();
            assertThat(names(rest)).containsExactly("job.task_finished 0", "job.finished");
            assertThat(rest.get(1).data().at("/job/status").asText()).isEqualTo("cancelled");
        }
    }

    @Test
    void anothersJobLooksLikeNoneAndWrongIdsAreNamed() throws Exception {
        String id = submitted(client, "{\"prompt\": \"a cat\"}");
        Client stranger = new Client(
                URI.create("http://127.0.0.1:" + one.port()),
                backing.newKey(one, "stranger", new Limits(1_000, 10)).text());
        Client.Answer foreign = stranger.get("/v1/jobs/" + id + "/events");
        assertThat(foreign.status()).isEqualTo(404);
        Client.Answer plain = stranger.get("/v1/jobs/" + id);
        assertThat(foreign.json()).isEqualTo(plain.json());
        assertThat(client.get("/v1/jobs/job_x/events").status()).isEqualTo(404);

        for (String wrong : List.of("nonsense", "1.2", "99", "0\u00e9")) {
            Client.Answer refused = Client.send(client.request("/v1/jobs/" + id + "/events")
                    .header("Last-Event-ID", wrong)
                    .build());
            assertThat(refused.status()).as(wrong).isEqualTo(400);
            assertThat(refused.error().get("param").asText()).isEqualTo("Last-Event-ID");
        }
        client.post("/v1/jobs/" + id + "/cancel", "");
    }

    @Test
    void aFrontendThatStopsEndsItsStreamsAndAnotherGoesOn() throws Exception {
        Frontend stopping = backing.frontend(Backing.CALLS);
        String id = submitted(client, "{\"prompt\": \"a cat\", \"quality\": \"low\"}");
        try (SseClient stream = watch(backing.client(stopping), id)) {
            SseClient.Event queued = next(stream);
            long begun = System.nanoTime();
            stopping.close();
            assertThat(stream.rest()).isEmpty();
            assertThat(System.nanoTime() - begun)
                    .isLessThan(Backing.CALLS.grace().toNanos());

            try (SseClient again = watch(client, id, queued.id());
                    Stepwise worker = new Stepwise()) {
                worker.allow(10);
                assertThat(names(again.rest())).startsWith("job.started").endsWith("job.finished");
            }
        }
    }
}
