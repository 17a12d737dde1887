package dev.thunderhead.frontend;

import dev.thunderhead.backing.LocalBroker;
import dev.thunderhead.backing.LocalStore;
import dev.thunderhead.frontend.account.ApiKey;
import dev.thunderhead.frontend.account.KeysFile;
import dev.thunderhead.frontend.account.Limits;
import dev.thunderhead.frontend.catalog.ModelCatalog;
import dev.thunderhead.frontend.file.FileSettings;
import dev.thunderhead.frontend.http.HttpSettings;
import dev.thunderhead.frontend.media.MediaSettings;
import dev.thunderhead.frontend.retention.RetentionSettings;
import dev.thunderhead.frontend.webhook.Reach;
import dev.thunderhead.frontend.webhook.Schedule;
import dev.thunderhead.frontend.webhook.WebhookSettings;
import dev.thunderhead.job.Account;
import dev.thunderhead.job.RenderProgress;
import dev.thunderhead.kafka.KafkaConnection;
import dev.thunderhead.kafka.KafkaSettings;
import dev.thunderhead.kafka.TaskRecords;
import dev.thunderhead.kafka.TopicSetup;
import dev.thunderhead.model.ImageSize;
import dev.thunderhead.model.ModelDescriptor;
import dev.thunderhead.storage.ObjectKeys;
import dev.thunderhead.storage.S3ObjectStore;
import dev.thunderhead.storage.S3Settings;
import dev.thunderhead.wire.Topic;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;

/** A broker and a store for a test class, and frontends that stand on them. */
final class Backing implements AutoCloseable {
    static final String SECRET = "a secret of at least thirty-two characters";
    static final String ALIAS = "bytedance/stable-diffusion-xl-lightning";
    static final ModelDescriptor MODEL = new ModelDescriptor(
            "tiny-lightning",
            "build-1",
            "Apache-2.0",
            1_790_000_000,
            "thunderhead",
            new ImageSize(256, 256),
            new ModelDescriptor.Sizes(128, 1024, 64),
            List.of(new ModelDescriptor.Unet("unet", List.of(1, 2, 4, 8), ModelDescriptor.PredictionType.EPSILON)),
            4,
            Optional.empty());
    static final CallSettings CALLS = new CallSettings(
            Duration.ofSeconds(60),
            Duration.ofSeconds(1),
            Duration.ofSeconds(60),
            Duration.ofSeconds(5),
            Duration.ofSeconds(2),
            Duration.ofSeconds(5));

    /** Callbacks that may go to this machine. */
    static final WebhookSettings LOCAL_CALLBACKS = new WebhookSettings(
            Reach.ANYWHERE,
            Schedule.STANDARD,
            Duration.ofSeconds(3),
            4,
            Duration.ofDays(5),
            WebhookSettings.Breaker.STANDARD);

    static final FileSettings FILES = new FileSettings(200 << 20, Duration.ofDays(30));

    private final LocalStore.Credentials credentials = new LocalStore.Credentials("access", "secret-key");
    private final Path data;
    private LocalStore storeServer;
    private LocalBroker broker;
    final KeysFile keysFile;
    final ApiKey key;
    final S3ObjectStore store;
    private final KafkaProducer<String, byte[]> producer;
    final ObjectKeys objectKeys = new ObjectKeys(SECRET);

    Backing(Path data) throws IOException {
        this.data = data;
        this.broker = LocalBroker.start(data.resolve("kafka"), 0);
        this.storeServer = LocalStore.start(data.resolve("s3"), 0, credentials, "thunderhead");
        this.store = S3ObjectStore.open(storeSettings());
        // As a worker does before it joins.
        new TopicSetup(kafka()).ensureShareGroup(Duration.ofSeconds(30));
        this.producer = kafka().producer(10_000);
        this.keysFile = new KeysFile(data.resolve("keys.json"));
        this.key = keysFile.add(new Account("acme"), new Limits(100_000, 1_000));
    }

    private S3Settings storeSettings() {
        URI endpoint = URI.create(storeServer.endpoint());
        return new S3Settings(
                endpoint, endpoint, "us-east-1", "thunderhead", credentials.accessKey(), credentials.secretKey());
    }

    KafkaConnection kafka() {
        return new KafkaConnection(new KafkaSettings(broker.bootstrap(), Map.of(), 2, 1));
    }

    private FrontendConfig config(CallSettings calls, WebhookSettings webhooks, FileSettings files) {
        return new FrontendConfig(
                new HttpSettings("127.0.0.1", 0),
                0,
                kafka().settings(),
                storeSettings(),
                new MediaSettings(MediaSettings.Delivery.REDIRECT, Optional.empty(), SECRET, Duration.ofMinutes(10)),
                keysFile.path(),
                new ModelCatalog(List.of(MODEL), Map.of(ALIAS, MODEL.id())),
                calls,
                new RetentionSettings(Duration.ofDays(30)),
                webhooks,
                files);
    }

    /** The environment of a frontend that runs as a process. */
    Map<String, String> environment() {
        S3Settings settings = storeSettings();
        return Map.of(
                "THUNDERHEAD_HOST", "127.0.0.1",
                "THUNDERHEAD_PORT", "0",
                "THUNDERHEAD_MANAGEMENT_PORT", "0",
                "THUNDERHEAD_KAFKA", broker.bootstrap(),
                "THUNDERHEAD_S3_ENDPOINT", settings.endpoint().toString(),
                "THUNDERHEAD_S3_ACCESS_KEY", settings.accessKey(),
                "THUNDERHEAD_S3_SECRET_KEY", settings.secretKey(),
                "THUNDERHEAD_KEYS_FILE", keysFile.path().toString(),
                "THUNDERHEAD_MODELS",
                        Path.of("..", "deploy", "models", "tiny-lightning").toString(),
                "THUNDERHEAD_MEDIA_SECRET", SECRET);
    }

    /** A frontend that is ready. */
    Frontend frontend(CallSettings calls) throws IOException, InterruptedException {
        return frontend(calls, WebhookSettings.STANDARD);
    }

    /** A frontend that is ready, and makes calls like that. */
    Frontend frontend(CallSettings calls, WebhookSettings webhooks) throws IOException, InterruptedException {
        return frontend(calls, webhooks, FILES);
    }

    /** A frontend that is ready, and takes files like that. */
    Frontend frontend(CallSettings calls, WebhookSettings webhooks, FileSettings files)
            throws IOException, InterruptedException {
        Frontend frontend = Frontend.start(config(calls, webhooks, files));
        for (int i = 0; i < 1_200 && !frontend.readiness().isReady(); i++) {
            Thread.sleep(50);
        }
        if (!frontend.readiness().isReady()) {
            throw new IOException("not ready: " + frontend.readiness().problems());
        }
        return frontend;
    }

    /** A key that the frontend has learnt of. */
    ApiKey newKey(Frontend frontend, String account, Limits limits) throws Exception {
        ApiKey fresh = keysFile.add(new Account(account), limits);
        Client probe = new Client(URI.create("http://127.0.0.1:" + frontend.port()), fresh.text());
        for (int i = 0; i < 100 && probe.get("/v1/models").status() != 200; i++) {
            Thread.sleep(50);
        }
        return fresh;
    }

    /** Tells how far a task is, as a worker does. */
    void publish(RenderProgress progress) {
        try {
            producer.send(TaskRecords.of(progress)).get();
        } catch (InterruptedException | ExecutionException problem) {
            throw new AssertionError(problem);
        }
    }

    /** How many records were ever written to any topic. */
    long recordsEver() {
        try (KafkaConsumer<String, byte[]> consumer = kafka().consumer(Map.of())) {
            return Arrays.stream(Topic.values())
                    .flatMap(topic -> consumer.partitionsFor(topic.topicName()).stream())
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .mapToLong(
                            partition -> consumer.endOffsets(List.of(partition)).get(partition))
                    .sum();
        }
    }

    /** The value of a metric without labels other than the given, or 0. */
    static double metric(Frontend frontend, String name) throws Exception {
        String metrics = new String(
                Client.fetch("http://127.0.0.1:" + frontend.managementPort() + "/metrics")
                        .raw()
                        .body(),
                StandardCharsets.UTF_8);
        return metrics.lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElse(0);
    }

    Client client(Frontend frontend) {
        return new Client(URI.create("http://127.0.0.1:" + frontend.port()), key.text());
    }

    /** Stops the broker; the returned action starts it again at the same port. */
    ThrowingRunnable stopBroker() {
        int port = Integer.parseInt(broker.bootstrap().replaceAll(".*:", ""));
        broker.close();
        return () -> broker = LocalBroker.start(data.resolve("kafka"), port);
    }

    /** Stops the store; the returned action starts it again at the same port, with all that it held. */
    ThrowingRunnable stopStore() {
        int port = URI.create(storeServer.endpoint()).getPort();
        storeServer.close();
        return () -> storeServer = LocalStore.start(data.resolve("s3"), port, credentials, "thunderhead");
    }

    interface ThrowingRunnable {
        void run() throws IOException;
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
        store.close();
        broker.close();
        storeServer.close();
    }
}
