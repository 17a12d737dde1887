package dev.thunderhead.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thunderhead.backing.LocalStore;
import dev.thunderhead.job.FailureCode;
import dev.thunderhead.job.Outcome;
import dev.thunderhead.job.Samples;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the system relies on in a store, and what {@link Outcomes} makes of it. */
class S3ObjectStoreIT {
    @TempDir
    static Path data;

    private static LocalStore server;
    private static S3ObjectStore store;

    @BeforeAll
    static void start() throws IOException {
        server = LocalStore.start(data, 0, new LocalStore.Credentials("access", "secret-key"), "other");
        store = S3ObjectStore.open(settings("secret-key"));
    }

    @AfterAll
    static void stop() {
        store.close();
        server.close();
    }

    private static S3Settings settings(String secretKey) {
        URI endpoint = URI.create(server.endpoint());
        return new S3Settings(endpoint, endpoint, "us-east-1", "pictures", "access", secretKey);
    }

    @Test
    void anObjectKeepsItsContentTypeAndMetadata() throws IOException {
        byte[] content = {0, 1, 2, -1};
        assertThat(store.putIfAbsent("a/b-1", content, "image/png", Map.of("outcome", "{\"a\":\"b c\"}")))
                .isEqualTo(ObjectStore.Put.STORED);
        assertThat(store.head("a/b-1"))
                .contains(new ObjectStore.Head(4, "image/png", Map.of("outcome", "{\"a\":\"b c\"}")));
        assertThat(store.get("a/b-1").orElseThrow()).isEqualTo(content);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 70_000, 12_000_000})
    void writesAndReadsWhatIsLargerThanAPartOfIt(int length) throws IOException {
        byte[] content = new byte[length];
        new Random(7).nextBytes(content);
        store.write("large/" + length, new ByteArrayInputStream(content), "application/jsonl", length);
        assertThat(store.head("large/" + length).orElseThrow().length()).isEqualTo(length);
        try (InputStream all = store.open("large/" + length).orElseThrow()) {
            assertThat(all.readAllBytes()).isEqualTo(content);
        }
        if (length > 100) {
            assertThat(store.get("large/" + length, length - 50L, 20).orElseThrow())
                    .isEqualTo(Arrays.copyOfRange(content, length - 50, length - 30));
            assertThat(store.get("large/" + length, length - 50L, 5_000).orElseThrow())
                    .hasSize(50);
        }
        assertThat(store.list("large/" + length)).containsExactly("large/" + length);
    }

    private static final class BrokenInputStream extends InputStream {
        @Override
        public int read() throws IOException {
            throw new IOException("the client hung up");
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return read();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000, 11_000_000})
    void contentThatBreaksOffLeavesTheObjectAsItWas(int length) throws IOException {
        store.put("broken", new byte[] {1}, "text/plain", Map.of());
        InputStream breaking =
                new SequenceInputStream(new ByteArrayInputStream(new byte[length]), new BrokenInputStream());
        assertThatThrownBy(() -> store.write("broken", breaking, "text/plain", length))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the client hung up");
        assertThat(store.get("broken").orElseThrow()).isEqualTo(new byte[] {1});
    }

    @Test
    void aMissingObjectIsNoFailure() throws IOException {
        assertThat(store.head("nothing")).isEmpty();
        assertThat(store.get("nothing")).isEmpty();
        assertThat(store.open("nothing")).isEmpty();
        assertThat(store.get("nothing", 0, 10)).isEmpty();
        assertThat(store.list("nothing/")).isEmpty();
        store.delete("nothing");
    }

    @Test
    void listsAscending() throws IOException {
        for (String key : List.of("list/b/1", "list/a/2", "list/a/1", "listing")) {
            store.putIfAbsent(key, new byte[0], "text/plain", Map.of());
        }
        assertThat(store.list("list/")).containsExactly("list/a/1", "list/a/2", "list/b/1");
        store.delete("list/a/2");
        assertThat(store.list("list/a/")).containsExactly("list/a/1");
    }

    @Test
    void aListingCanBeReadInPartsAndByFolders() throws IOException {
        for (int i = 0; i < 7; i++) {
            store.putIfAbsent("pages/" + (i % 2) + "/" + i, new byte[0], "text/plain", Map.of());
        }
        Instant before = Instant.now().minusSeconds(60);

        List<RecordStore.Entry> first = store.list("pages/", "", 3);
        assertThat(first).extracting(RecordStore.Entry::key).containsExactly("pages/0/0", "pages/0/2", "pages/0/4");
        assertThat(first).allSatisfy(entry -> assertThat(entry.writtenAt()).isAfter(before));
        assertThat(store.list("pages/", "pages/0/4", 1_000))
                .extracting(RecordStore.Entry::key)
                .containsExactly("pages/0/6", "pages/1/1", "pages/1/3", "pages/1/5");
        assertThat(store.list("pages/1/", "pages/1/2", 1))
                .extracting(RecordStore.Entry::key)
                .containsExactly("pages/1/3");
        assertThat(store.folders("pages/")).containsExactly("pages/0/", "pages/1/");
        assertThat(store.folders("pages/0/")).isEmpty();
    }

    @Test
    void aRecordIsReplacedOnlyByWhoHasSeenItsLastVersion() throws IOException {
        assertThat(store.replace("record", new byte[] {1}, "text/plain", "\"0\""))
                .isFalse();
        store.put("record", new byte[] {1}, "text/plain", Map.of());
        RecordStore.Versioned seen = store.getVersioned("record").orElseThrow();
        assertThat(seen.content()).containsExactly(1);
        assertThat(store.replace("record", new byte[] {2}, "text/plain", seen.version()))
                .isTrue();
        assertThat(store.replace("record", new byte[] {3}, "text/plain", seen.version()))
                .isFalse();
        assertThat(store.get("record").orElseThrow()).containsExactly(2);
        store.put("record", new byte[] {4}, "text/plain", Map.of());
        assertThat(store.get("record").orElseThrow()).containsExactly(4);
        assertThat(store.getVersioned("no record")).isEmpty();
    }

    @Test
    void aPresignedUrlDeliversToAnybody() throws Exception {
        store.putIfAbsent("signed", new byte[] {7}, "image/jpeg", Map.of());
        HttpRequest request = HttpRequest.newBuilder(URI.create(store.presignedUrl("signed", Duration.ofMinutes(1))))
                .build();
        HttpResponse<byte[]> response =
                HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofByteArray());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains("image/jpeg");
        assertThat(response.body()).containsExactly(7);
    }

    @Test
    void ofManyOutcomesOneStandsAndAllReportIt() throws Exception {
        Outcomes outcomes = new Outcomes(store);
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            List<Callable<Outcome>> racers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                String message = "racer " + i;
                racers.add(() ->
                        outcomes.record("race", new Outcome.Failed(FailureCode.RENDER_FAILED, message, Samples.NOON)));
                racers.add(() -> outcomes.record("race", Samples.picture(), new byte[12_345]));
            }
            List<Outcome> reports = new ArrayList<>();
            for (Future<Outcome> report : threads.invokeAll(racers)) {
                reports.add(report.get());
            }
            assertThat(reports).hasSize(16);
            assertThat(reports.stream().distinct()).hasSize(1);
            assertThat(outcomes.find("race")).contains(reports.get(0));
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aTombstoneIsReadableToPeople() throws IOException {
        Outcomes outcomes = new Outcomes(store);
        Outcome.Cancelled cancelled = new Outcome.Cancelled("called off by its owner", Samples.NOON);
        assertThat(outcomes.find("tombstone")).isEmpty();
        assertThat(outcomes.record("tombstone", cancelled)).isEqualTo(cancelled);
        assertThat(new String(store.get("tombstone").orElseThrow(), StandardCharsets.UTF_8))
                .isEqualTo("{\"outcome\":\"cancelled\",\"message\":\"called off by its owner\","
                        + "\"finished_at\":\"2026-11-22T12:00:00Z\"}");
    }

    @Test
    void aStoreThatIsAwayIsAFailureOfEveryVerb(@TempDir Path otherData) throws IOException {
        LocalStore other =
                LocalStore.start(otherData, 0, new LocalStore.Credentials("access", "secret-key"), "pictures");
        URI endpoint = URI.create(other.endpoint());
        S3Settings settings = new S3Settings(endpoint, endpoint, "us-east-1", "pictures", "access", "secret-key");
        try (S3ObjectStore away = S3ObjectStore.open(settings)) {
            other.close();
            for (ThrowingCallable verb : List.<ThrowingCallable>of(
                    () -> away.putIfAbsent("a", new byte[1], "text/plain", Map.of()),
                    () -> away.head("a"),
                    () -> away.get("a"),
                    () -> away.list("a"),
                    () -> away.delete("a"))) {
                assertThatThrownBy(verb).isInstanceOf(IOException.class);
            }
        }
        assertThatThrownBy(() -> S3ObjectStore.open(settings))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(endpoint.toString())
                .hasMessageContaining("THUNDERHEAD_S3_");
    }

    @Test
    void wrongCredentialsAreToldWithTheSettingsToCheck() {
        assertThatThrownBy(() -> S3ObjectStore.open(settings("another-secret")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(server.endpoint())
                .hasMessageContaining("THUNDERHEAD_S3_");
    }

    @Test
    void manyAreDeletedAtOnceAndThoseThatAreNotThereAreNoProblem() throws IOException {
        for (int i = 0; i < 30; i++) {
            store.put("many/" + i, new byte[] {1}, "text/plain", Map.of());
        }
        List<String> some = store.list("many/").subList(0, 20);
        List<String> asked = new ArrayList<>(some);
        asked.add("many/never-there");
        store.deleteAll(asked);
        assertThat(store.list("many/")).hasSize(10).doesNotContainAnyElementsOf(some);
        store.deleteAll(asked);
    }

    @Test
    void aStoreWithoutLifecycleRulesSaysSo() throws IOException {
        assertThat(store.lifecycle().expire(List.of(new Lifecycle.Expiry("jobs/", 30))))
                .isFalse();
    }
}
