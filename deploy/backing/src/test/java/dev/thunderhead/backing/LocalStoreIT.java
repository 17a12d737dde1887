package dev.thunderhead.backing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thunderhead.backing.LocalStore.Credentials;
import io.minio.GetObjectArgs;
import io.minio.GetPresignedObjectUrlArgs;
import io.minio.Http;
import io.minio.ListObjectsArgs;
import io.minio.MinioClient;
import io.minio.PutObjectArgs;
import io.minio.RemoveObjectArgs;
import io.minio.Result;
import io.minio.StatObjectArgs;
import io.minio.errors.ErrorResponseException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LocalStoreIT {
    private static final String BUCKET = "pictures";
    private static final Credentials CREDENTIALS = new Credentials("tester", "tester-secret");
    private static final int RACERS = 16;

    @TempDir
    private Path data;

    private LocalStore store;
    private MinioClient client;

    @BeforeEach
    void start() throws IOException {
        store = LocalStore.start(data, 0, CREDENTIALS, BUCKET);
        client = MinioClient.builder()
                .endpoint(store.endpoint())
                .region("us-east-1")
                .credentials(CREDENTIALS.accessKey(), CREDENTIALS.secretKey())
                .build();
    }

    @AfterEach
    void stop() {
        store.close();
    }

    @Test
    void oneOfManyRacingFirstWritesWins() throws Exception {
        for (int round = 0; round < 10; round++) {
            String key = "tasks/account/job/" + round;
            List<String> winners = race(index -> put(key, "writer-" + index, Map.of("If-None-Match", "*")));
            assertThat(winners).hasSize(1);
            assertThat(get(key)).isEqualTo(winners.get(0));
        }
    }

    @Test
    void aRelativeFolderListsWhatItStores() throws Exception {
        Path relative = Path.of("").toAbsolutePath().relativize(data.resolve("relative"));
        try (LocalStore other = LocalStore.start(relative, 0, CREDENTIALS, BUCKET)) {
            MinioClient there = MinioClient.builder()
                    .endpoint(other.endpoint())
                    .region("us-east-1")
                    .credentials(CREDENTIALS.accessKey(), CREDENTIALS.secretKey())
                    .build();
            there.putObject(PutObjectArgs.builder()
                    .bucket(BUCKET)
                    .object("a/b")
                    .data(new byte[1], 1)
                    .build());
            assertThat(there.listObjects(ListObjectsArgs.builder()
                            .bucket(BUCKET)
                            .recursive(true)
                            .build()))
                    .hasSize(1);
        }
    }

    @Test
    void oneOfManyRacingReplacementsOfTheSameVersionWins() throws Exception {
        put("checkpoint", "0", Map.of());
        for (int round = 1; round <= 10; round++) {
            String current = client.statObject(StatObjectArgs.builder()
                            .bucket(BUCKET)
                            .object("checkpoint")
                            .build())
                    .etag();
            String prefix = round + "-";
            List<String> winners =
                    race(index -> put("checkpoint", prefix + index, Map.of("If-Match", "\"" + current + "\"")));
            assertThat(winners).hasSize(1);
            assertThat(get("checkpoint")).isEqualTo(winners.get(0));
        }
    }

    @Test
    void replacementOfAMissingObjectIsNotFound() {
        assertThatThrownBy(() -> put("nothing", "x", Map.of("If-Match", "\"0\"")))
                .isInstanceOfSatisfying(
                        ErrorResponseException.class,
                        problem -> assertThat(problem.response().code()).isEqualTo(404));
    }

    @Test
    void contentTypeAndMetadataSurviveARestartOnAnotherPort() throws Exception {
        client.putObject(PutObjectArgs.builder()
                .bucket(BUCKET)
                .object("tasks/a/b/0-x")
                .contentType("image/png")
                .userMetadata(Map.of("seed", "7", "size", "256x256"))
                .data("bytes".getBytes(UTF_8), 5)
                .build());
        stop();
        start();
        var found = client.statObject(
                StatObjectArgs.builder().bucket(BUCKET).object("tasks/a/b/0-x").build());
        assertThat(found.contentType()).isEqualTo("image/png");
        assertThat(found.userMetadata().getFirst("seed")).isEqualTo("7");
        assertThat(found.userMetadata().getFirst("size")).isEqualTo("256x256");
        assertThat(found.size()).isEqualTo(5);
        assertThat(get("tasks/a/b/0-x")).isEqualTo("bytes");
    }

    @Test
    void presignedAddressDeliversTheBytesAndRangesOfThem() throws Exception {
        put("presigned", "0123456789", Map.of());
        URI address = URI.create(client.getPresignedObjectUrl(GetPresignedObjectUrlArgs.builder()
                .method(Http.Method.GET)
                .bucket(BUCKET)
                .object("presigned")
                .expiry(1, TimeUnit.MINUTES)
                .build()));
        HttpClient http = HttpClient.newHttpClient();
        var whole = http.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(whole.statusCode()).isEqualTo(200);
        assertThat(whole.body()).isEqualTo("0123456789");
        var part = http.send(
                HttpRequest.newBuilder(address).header("Range", "bytes=2-4").build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).isEqualTo("234");
        URI forged = URI.create(address.toString().replaceFirst("X-Amz-Signature=..", "X-Amz-Signature=00"));
        assertThat(http.send(HttpRequest.newBuilder(forged).build(), HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void listingIsAscendingWithinThePrefix() throws Exception {
        for (String key : List.of("jobs/b", "jobs/a/2", "jobs/a/10", "other/a", "jobs/a/1")) {
            put(key, "x", Map.of());
        }
        assertThat(list("jobs/")).containsExactly("jobs/a/1", "jobs/a/10", "jobs/a/2", "jobs/b");
        assertThat(list("jobs/a/1")).containsExactly("jobs/a/1", "jobs/a/10");
        assertThat(list("nothing/")).isEmpty();
    }

    @Test
    void objectsBeingWrittenAreNotListed() throws Exception {
        try (Closing writers = new Closing(Executors.newFixedThreadPool(4))) {
            List<Future<String>> writes = new ArrayList<>();
            for (int index = 0; index < 200; index++) {
                String key = "busy/%03d".formatted(index);
                writes.add(writers.threads().submit(() -> put(key, "x".repeat(50_000), Map.of())));
            }
            while (writes.stream().anyMatch(write -> !write.isDone())) {
                assertThat(list("busy/")).allMatch(key -> key.matches("busy/[0-9]{3}"));
            }
        }
        assertThat(list("busy/")).hasSize(200);
    }

    @Test
    void writesSucceedWhileTheirFolderIsEmptiedAgainAndAgain() throws Exception {
        List<String> written = race(index -> {
            for (int round = 0; round < 30; round++) {
                put("folder/deep/" + index, "x", Map.of());
                client.removeObject(RemoveObjectArgs.builder()
                        .bucket(BUCKET)
                        .object("folder/deep/" + index)
                        .build());
            }
            return "done";
        });
        assertThat(written).hasSize(RACERS);
        assertThat(list("folder/")).isEmpty();
    }

    @Test
    void deletedAndUnknownObjectsAreNotFound() throws Exception {
        put("gone", "x", Map.of());
        client.removeObject(
                RemoveObjectArgs.builder().bucket(BUCKET).object("gone").build());
        for (String key : List.of("gone", "never")) {
            assertThatThrownBy(() -> get(key))
                    .isInstanceOfSatisfying(
                            ErrorResponseException.class,
                            problem ->
                                    assertThat(problem.errorResponse().code()).isEqualTo("NoSuchKey"));
        }
    }

    @Test
    void takenPortIsNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(
                            () -> LocalStore.start(data.resolve("second"), taken.getLocalPort(), CREDENTIALS, BUCKET))
                    .isInstanceOf(PortTakenException.class)
                    .hasMessage("port " + taken.getLocalPort() + " is already in use");
        }
    }

    /** What one of many does at the same moment; fails with 412 (or 409) when another was first. */
    private interface Racer {
        String run(int index) throws Exception;
    }

    private List<String> race(Racer racer) throws Exception {
        List<Callable<String>> racers = new ArrayList<>();
        for (int index = 0; index < RACERS; index++) {
            int number = index;
            racers.add(() -> racer.run(number));
        }
        List<String> winners = new ArrayList<>();
        try (Closing threads = new Closing(Executors.newFixedThreadPool(RACERS))) {
            for (Future<String> result : threads.threads().invokeAll(racers)) {
                try {
                    winners.add(result.get());
                } catch (java.util.concurrent.ExecutionException lost) {
                    assertThat(lost.getCause())
                            .isInstanceOfSatisfying(
                                    ErrorResponseException.class,
                                    problem -> assertThat(problem.response().code())
                                            .isEqualTo(412));
                }
            }
        }
        return winners;
    }

    private record Closing(ExecutorService threads) implements AutoCloseable {
        @Override
        public void close() {
            threads.shutdownNow();
        }
    }

    private String put(String key, String content, Map<String, String> headers) throws Exception {
        byte[] bytes = content.getBytes(UTF_8);
        client.putObject(PutObjectArgs.builder()
                .bucket(BUCKET)
                .object(key)
                .extraHeaders(headers)
                .data(bytes, bytes.length)
                .build());
        return content;
    }

    private String get(String key) throws Exception {
        try (var response = client.getObject(
                GetObjectArgs.builder().bucket(BUCKET).object(key).build())) {
            return new String(response.readAllBytes(), UTF_8);
        }
    }

    private List<String> list(String prefix) throws Exception {
        List<String> keys = new ArrayList<>();
        for (Result<io.minio.messages.Item> item : client.listObjects(ListObjectsArgs.builder()
                .bucket(BUCKET)
                .prefix(prefix)
                .recursive(true)
                .build())) {
            keys.add(item.get().objectName());
        }
        return keys;
    }
}
