package dev.thunderhead.storage;

import static dev.thunderhead.storage.S3Calls.calling;
import static dev.thunderhead.storage.S3Calls.present;

import dev.thunderhead.storage.RecordStore.Entry;
import dev.thunderhead.storage.S3Calls.RefusedException;
import io.minio.BucketExistsArgs;
import io.minio.GetObjectArgs;
import io.minio.GetObjectResponse;
import io.minio.GetPresignedObjectUrlArgs;
import io.minio.Http;
import io.minio.ListObjectsArgs;
import io.minio.MakeBucketArgs;
import io.minio.MinioClient;
import io.minio.PutObjectArgs;
import io.minio.RemoveObjectArgs;
import io.minio.RemoveObjectsArgs;
import io.minio.Result;
import io.minio.StatObjectArgs;
import io.minio.StatObjectResponse;
import io.minio.errors.MinioException;
import io.minio.messages.DeleteRequest;
import io.minio.messages.DeleteResult;
import io.minio.messages.Item;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;

/** A bucket of any store that speaks S3 with conditional writes. Thread-safe. */
public final class S3ObjectStore implements RecordStore, AutoCloseable {
    private static final int MAX_CONNECTIONS = 64;
    private static final int MAX_REQUESTS = 512;
    private static final int CONFLICT_RETRIES = 10;
    /** Said of a content's length. */
    private static final long UNKNOWN = -1;
    /** How much of a large object is in memory while it is written: the least that S3 takes as a part. */
    private static final long LEAST_PART = 5L << 20;

    private static final long MOST_PARTS = 10_000;
    /** An empty object that stays: it shows that the store heeds conditions. */
    private static final String PROBE = "conditional-write-probe";

    private final OkHttpClient http;
    private final MinioClient client;
    private final MinioClient presigner;
    private final String bucket;

    private S3ObjectStore(S3Settings settings) {
        // The SDK's own client waits five minutes for a dead server.
        Dispatcher dispatcher = new Dispatcher();
        // The SDK reads a large object's content inside of a request, and that content may be read from the store as
        // well:
        // with as many slots as connections, all could wait for one that none gives back.
        dispatcher.setMaxRequests(MAX_REQUESTS);
        dispatcher.setMaxRequestsPerHost(MAX_REQUESTS);
        this.http = new OkHttpClient.Builder()
                .socketFactory(new NoDelaySockets())
                .connectTimeout(Duration.ofSeconds(5))
                .writeTimeout(Duration.ofSeconds(30))
                .readTimeout(Duration.ofSeconds(30))
                .dispatcher(dispatcher)
                .connectionPool(new ConnectionPool(MAX_CONNECTIONS, 1, TimeUnit.MINUTES))
                .build();
        this.client = client(settings, settings.endpoint());
        this.presigner = client(settings, settings.publicEndpoint());
        this.bucket = settings.bucket();
    }

    private MinioClient client(S3Settings settings, URI endpoint) {
        return MinioClient.builder()
                .endpoint(endpoint.toString())
                .region(settings.region())
                .credentials(settings.accessKey(), settings.secretKey())
                .httpClient(http)
                .build();
    }

    /**
     * Connects, creates the bucket if there is none, and tries a conditional write: a store that ignores the condition
     * would let the outcome of a task be overwritten.
     *
     * @throws IOException when the store cannot be reached, refuses the credentials or ignores conditions; the message
     *     names the endpoint and what to check
     */
    public static S3ObjectStore open(S3Settings settings) throws IOException {
        S3ObjectStore store = new S3ObjectStore(settings);
        try {
            store.createBucket();
            store.requireConditionalWrites();
            return store;
        } catch (IOException problem) {
            store.close();
            throw new IOException(
                    "S3 at " + settings.endpoint() + ": " + problem.getMessage()
                            + "; check THUNDERHEAD_S3_ENDPOINT, _ACCESS_KEY, _SECRET_KEY and _BUCKET",
                    problem);
        }
    }

    private void createBucket() throws IOException {
        if (calling(
                "looking for bucket " + bucket,
                () -> client.bucketExists(
                        BucketExistsArgs.builder().bucket(bucket).build()))) {
            return;
        }
        try {
            String unused = calling("creating bucket " + bucket, () -> {
                client.makeBucket(MakeBucketArgs.builder().bucket(bucket).build());
                return bucket;
            });
        } catch (RefusedException problem) {
            // Another service was a moment faster.
            if (!problem.code().equals("BucketAlreadyOwnedByYou")) {
                throw problem;
            }
        }
    }

    private void requireConditionalWrites() throws IOException {
        putIfAbsent(PROBE, new byte[0], "text/plain", Map.of());
        if (putIfAbsent(PROBE, new byte[0], "text/plain", Map.of()) == Put.STORED) {
            throw new IOException("it ignores If-None-Match, so two workers could overwrite each other's pictures;"
                    + " Thunderhead needs a store with conditional writes");
        }
    }

    @Override
    public Put putIfAbsent(String key, byte[] content, String mediaType, Map<String, String> metadata)
            throws IOException {
        return write(put(key, content, mediaType)
                .userMetadata(metadata)
                .extraHeaders(Map.of("If-None-Match", "*"))
                .build());
    }

    @Override
    public void put(String key, byte[] content, String mediaType, Map<String, String> metadata) throws IOException {
        PutObjectArgs put = put(key, content, mediaType).userMetadata(metadata).build();
        calling("writing " + key, () -> client.putObject(put));
    }

    @Override
    public boolean replace(String key, byte[] content, String mediaType, String version) throws IOException {
        try {
            return write(put(key, content, mediaType)
                            .extraHeaders(Map.of("If-Match", version))
                            .build())
                    == Put.STORED;
        } catch (RefusedException problem) {
            if (problem.status() == 404) {
                return false;
            }
            throw problem;
        }
    }

    private PutObjectArgs.Builder put(String key, byte[] content, String mediaType) {
        return PutObjectArgs.builder()
                .bucket(bucket)
                .object(key)
                .data(content, content.length)
                .contentType(mediaType);
    }

    private Put write(PutObjectArgs put) throws IOException {
        String key = put.object();
        for (int attempt = 0; ; attempt++) {
            try {
                calling("writing " + key, () -> client.putObject(put));
                return Put.STORED;
            } catch (RefusedException problem) {
                switch (problem.status()) {
                    case 412 -> {
                        return Put.ALREADY_THERE;
                    }
                    case 409 -> pauseAfterConflict(attempt, key, problem);
                    default -> throw problem;
                }
            }
        }
    }

    // Two conditional writes at one key met; S3 asks for another try.
    private static void pauseAfterConflict(int attempt, String key, RefusedException problem) throws IOException {
        if (attempt == CONFLICT_RETRIES) {
            throw problem;
        }
        try {
            Thread.sleep(ThreadLocalRandom.current().nextLong(10, 50L << Math.min(attempt, 4)));
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while writing " + key, interrupt);
        }
    }

    @Override
    public Optional<Head> head(String key) throws IOException {
        return present("reading " + key, () -> {
            StatObjectResponse stat = client.statObject(
                    StatObjectArgs.builder().bucket(bucket).object(key).build());
            Map<String, String> metadata = new HashMap<>();
            for (Map.Entry<String, String> entry : stat.userMetadata()) {
                metadata.put(entry.getKey().toLowerCase(Locale.ROOT), entry.getValue());
            }
            return new Head(stat.size(), String.valueOf(stat.contentType()), metadata);
        });
    }

    @Override
    public Optional<byte[]> get(String key) throws IOException {
        return present("reading " + key, () -> {
            try (var content = client.getObject(
                    GetObjectArgs.builder().bucket(bucket).object(key).build())) {
                return content.readAllBytes();
            }
        });
    }

    @Override
    public Optional<Versioned> getVersioned(String key) throws IOException {
        return present("reading " + key, () -> {
            try (GetObjectResponse content = client.getObject(
                    GetObjectArgs.builder().bucket(bucket).object(key).build())) {
                return new Versioned(
                        content.readAllBytes(), String.valueOf(content.headers().get("etag")));
            }
        });
    }

    @Override
    public void write(String key, InputStream content, String mediaType, long atMost) throws IOException {
        PutObjectArgs put = PutObjectArgs.builder().bucket(bucket).object(key).stream(
                        content, UNKNOWN, Math.max(LEAST_PART, 2 * atMost / MOST_PARTS))
                .contentType(mediaType)
                .build();
        calling("writing " + key, () -> client.putObject(put));
    }

    @Override
    public Optional<InputStream> open(String key) throws IOException {
        return present(
                "reading " + key,
                () -> client.getObject(
                        GetObjectArgs.builder().bucket(bucket).object(key).build()));
    }

    @Override
    public Optional<byte[]> get(String key, long offset, int length) throws IOException {
        return present("reading " + key, () -> {
            try (var content = client.getObject(GetObjectArgs.builder()
                    .bucket(bucket)
                    .object(key)
                    .offset(offset)
                    .length((long) length)
                    .build())) {
                return content.readAllBytes();
            }
        });
    }

    @Override
    public List<String> list(String prefix) throws IOException {
        ListObjectsArgs all = listing(prefix).recursive(true).build();
        return calling("listing " + prefix, () -> {
            List<String> keys = new ArrayList<>();
            for (Result<Item> item : client.listObjects(all)) {
                keys.add(item.get().objectName());
            }
            return keys;
        });
    }

    @Override
    public List<Entry> list(String prefix, String after, int limit) throws IOException {
        ListObjectsArgs page =
                listing(prefix).recursive(true).startAfter(after).maxKeys(limit).build();
        return calling("listing " + prefix, () -> {
            List<Entry> entries = new ArrayList<>();
            for (Result<Item> item : client.listObjects(page)) {
                entries.add(new Entry(
                        item.get().objectName(), item.get().lastModified().toInstant()));
                // The SDK would go on with the next page.
                if (entries.size() == limit) {
                    break;
                }
            }
            return entries;
        });
    }

    @Override
    public List<String> folders(String prefix) throws IOException {
        ListObjectsArgs level = listing(prefix).recursive(false).build();
        return calling("listing " + prefix, () -> {
            List<String> folders = new ArrayList<>();
            for (Result<Item> item : client.listObjects(level)) {
                if (item.get().isDir()) {
                    folders.add(item.get().objectName());
                }
            }
            return folders;
        });
    }

    private ListObjectsArgs.Builder listing(String prefix) {
        return ListObjectsArgs.builder().bucket(bucket).prefix(prefix);
    }

    @Override
    public void delete(String key) throws IOException {
        calling("deleting " + key, () -> {
            client.removeObject(
                    RemoveObjectArgs.builder().bucket(bucket).object(key).build());
            return key;
        });
    }

    /**
     * A URL at the public endpoint that delivers the object to anybody who has it. Computed here, without a request.
     *
     * @param validity 1 second to 7 days
     */
    public String presignedUrl(String key, Duration validity) {
        try {
            return presigner.getPresignedObjectUrl(GetPresignedObjectUrlArgs.builder()
                    .method(Http.Method.GET)
                    .bucket(bucket)
                    .object(key)
                    .expiry(Math.toIntExact(validity.toSeconds()))
                    .build());
        } catch (MinioException problem) {
            throw new IllegalStateException("a URL is signed without asking the store", problem);
        }
    }

    @Override
    public void deleteAll(List<String> keys) throws IOException {
        RemoveObjectsArgs all = RemoveObjectsArgs.builder()
                .bucket(bucket)
                .objects(keys.stream().map(DeleteRequest.Object::new).toList())
                .build();
        String unused = calling("deleting " + keys.size() + " objects", () -> {
            for (Result<DeleteResult.Error> problem : client.removeObjects(all)) {
                throw new IOException("of " + keys.size() + " objects some were not deleted, among them "
                        + problem.get().objectName() + ": " + problem.get().message());
            }
            return bucket;
        });
    }

    /** The rules by which the store itself deletes what lies in the bucket. */
    public Lifecycle lifecycle() {
        return new S3Lifecycle(client, bucket);
    }

    @Override
    public void close() {
        http.dispatcher().executorService().shutdown();
        http.connectionPool().evictAll();
    }
}
