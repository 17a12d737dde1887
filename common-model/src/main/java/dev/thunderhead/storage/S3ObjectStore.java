package dev.thunderhead.storage;

import io.minio.BucketExistsArgs;
import io.minio.GetObjectArgs;
import io.minio.GetPresignedObjectUrlArgs;
import io.minio.Http;
import io.minio.ListObjectsArgs;
import io.minio.MakeBucketArgs;
import io.minio.MinioClient;
import io.minio.PutObjectArgs;
import io.minio.RemoveObjectArgs;
import io.minio.Result;
import io.minio.StatObjectArgs;
import io.minio.StatObjectResponse;
import io.minio.errors.ErrorResponseException;
import io.minio.errors.MinioException;
import io.minio.messages.Item;
import java.io.IOException;
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
public final class S3ObjectStore implements ObjectStore, AutoCloseable {
    private static final int MAX_CONNECTIONS = 64;
    private static final int CONFLICT_RETRIES = 10;

    private final OkHttpClient http;
    private final MinioClient client;
    private final MinioClient presigner;
    private final String bucket;

    private S3ObjectStore(S3Settings settings) {
        // The SDK's own client waits five minutes for a dead server.
        Dispatcher dispatcher = new Dispatcher();
        dispatcher.setMaxRequests(MAX_CONNECTIONS);
        dispatcher.setMaxRequestsPerHost(MAX_CONNECTIONS);
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
     * Connects, and creates the bucket if there is none.
     *
     * @throws IOException when the store cannot be reached or refuses the credentials; the message names the endpoint
     */
    public static S3ObjectStore open(S3Settings settings) throws IOException {
        S3ObjectStore store = new S3ObjectStore(settings);
        try {
            store.createBucket();
            return store;
        } catch (MinioException problem) {
            store.close();
            throw new IOException(
                    "S3 at " + settings.endpoint() + ": " + problem.getMessage()
                            + "; check THUNDERHEAD_S3_ENDPOINT, _ACCESS_KEY, _SECRET_KEY and _BUCKET",
                    problem);
        }
    }

    private void createBucket() throws MinioException {
        if (client.bucketExists(BucketExistsArgs.builder().bucket(bucket).build())) {
            return;
        }
        try {
            client.makeBucket(MakeBucketArgs.builder().bucket(bucket).build());
        } catch (ErrorResponseException problem) {
            // Another service was a moment faster.
            if (!problem.errorResponse().code().equals("BucketAlreadyOwnedByYou")) {
                throw problem;
            }
        }
    }

    @Override
    public Put putIfAbsent(String key, byte[] content, String mediaType, Map<String, String> metadata)
            throws IOException {
        PutObjectArgs put = PutObjectArgs.builder()
                .bucket(bucket)
                .object(key)
                .data(content, content.length)
                .contentType(mediaType)
                .userMetadata(metadata)
                .extraHeaders(Map.of("If-None-Match", "*"))
                .build();
        for (int attempt = 0; ; attempt++) {
            try {
                client.putObject(put);
                return Put.STORED;
            } catch (ErrorResponseException problem) {
                switch (problem.response().code()) {
                    case 412 -> {
                        return Put.ALREADY_THERE;
                    }
                    case 409 -> pauseAfterConflict(attempt, key, problem);
                    default -> throw failure("writing " + key, problem);
                }
            } catch (MinioException problem) {
                throw failure("writing " + key, problem);
            }
        }
    }

    // Two conditional writes at one key met; S3 asks for another try.
    private static void pauseAfterConflict(int attempt, String key, ErrorResponseException problem) throws IOException {
        if (attempt == CONFLICT_RETRIES) {
            throw failure("writing " + key, problem);
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
        try {
            StatObjectResponse stat = client.statObject(
                    StatObjectArgs.builder().bucket(bucket).object(key).build());
            Map<String, String> metadata = new HashMap<>();
            for (Map.Entry<String, String> entry : stat.userMetadata()) {
                metadata.put(entry.getKey().toLowerCase(Locale.ROOT), entry.getValue());
            }
            return Optional.of(new Head(stat.size(), String.valueOf(stat.contentType()), metadata));
        } catch (ErrorResponseException problem) {
            return absentOr("reading " + key, problem);
        } catch (MinioException problem) {
            throw failure("reading " + key, problem);
        }
    }

    @Override
    public Optional<byte[]> get(String key) throws IOException {
        try (var content = client.getObject(
                GetObjectArgs.builder().bucket(bucket).object(key).build())) {
            return Optional.of(content.readAllBytes());
        } catch (ErrorResponseException problem) {
            return absentOr("reading " + key, problem);
        } catch (MinioException problem) {
            throw failure("reading " + key, problem);
        }
    }

    @Override
    public List<String> list(String prefix) throws IOException {
        List<String> keys = new ArrayList<>();
        ListObjectsArgs all = ListObjectsArgs.builder()
                .bucket(bucket)
                .prefix(prefix)
                .recursive(true)
                .build();
        try {
            for (Result<Item> item : client.listObjects(all)) {
                keys.add(item.get().objectName());
            }
            return keys;
        } catch (MinioException problem) {
            throw failure("listing " + prefix, problem);
        }
    }

    @Override
    public void delete(String key) throws IOException {
        try {
            client.removeObject(
                    RemoveObjectArgs.builder().bucket(bucket).object(key).build());
        } catch (MinioException problem) {
            throw failure("deleting " + key, problem);
        }
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
    public void close() {
        http.dispatcher().executorService().shutdown();
        http.connectionPool().evictAll();
    }

    private static <T> Optional<T> absentOr(String doing, ErrorResponseException problem) throws IOException {
        if (problem.response().code() == 404) {
            return Optional.empty();
        }
        throw failure(doing, problem);
    }

    private static IOException failure(String doing, MinioException problem) {
        return new IOException("S3, " + doing + ": " + problem.getMessage(), problem);
    }
}
