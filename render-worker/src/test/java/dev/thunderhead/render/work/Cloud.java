package dev.thunderhead.render.work;

import dev.thunderhead.backing.LocalBroker;
import dev.thunderhead.backing.LocalStore;
import dev.thunderhead.job.Account;
import dev.thunderhead.job.JobDescription;
import dev.thunderhead.job.JobId;
import dev.thunderhead.job.Lane;
import dev.thunderhead.job.Outcome;
import dev.thunderhead.job.OutputFormat;
import dev.thunderhead.job.RenderEvent;
import dev.thunderhead.job.RenderTask;
import dev.thunderhead.job.TaskId;
import dev.thunderhead.kafka.KafkaConnection;
import dev.thunderhead.kafka.KafkaSettings;
import dev.thunderhead.kafka.TaskRecords;
import dev.thunderhead.kafka.TopicSetup;
import dev.thunderhead.model.ImageSize;
import dev.thunderhead.storage.ObjectKeys;
import dev.thunderhead.storage.Outcomes;
import dev.thunderhead.storage.S3ObjectStore;
import dev.thunderhead.storage.S3Settings;
import dev.thunderhead.wire.Json;
import dev.thunderhead.wire.Topic;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** Kafka and S3 with everything set up, and the frontend's side of them. Used by one test at a time. */
final class Cloud implements AutoCloseable {
    /** How long anything may take before a test fails: far longer than it does. */
    static final Duration PATIENCE = Duration.ofSeconds(40);

    static final Duration LOCK = Duration.ofSeconds(2);

    private static final Account ACCOUNT = new Account("tester");
    private static final ObjectKeys KEYS = new ObjectKeys("a secret that is long enough for an HMAC");

    private final Path brokerData;
    private LocalBroker broker;
    private final Path storeData;
    private LocalStore storeServer;
    private final S3Settings storeSettings;
    private final S3ObjectStore store;
    private final KafkaConnection kafka;
    private final KafkaProducer<String, byte[]> producer;

    private Cloud(Path brokerData, LocalBroker broker, Path storeData, LocalStore storeServer, S3Settings storeSettings)
            throws IOException {
        this.brokerData = brokerData;
        this.broker = broker;
        this.storeData = storeData;
        this.storeServer = storeServer;
        this.storeSettings = storeSettings;
        this.store = S3ObjectStore.open(storeSettings);
        this.kafka = new KafkaConnection(new KafkaSettings(broker.bootstrap(), Map.of(), 1, 1));
        TopicSetup setup = new TopicSetup(kafka);
        setup.ensureTopics();
        setup.ensureShareGroup(LOCK);
        this.producer = kafka.producer(10_000);
    }

    static Cloud start() throws IOException {
        Path data = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "cloud");
        LocalBroker broker = LocalBroker.start(data.resolve("kafka"), 0);
        LocalStore.Credentials credentials = new LocalStore.Credentials("tester", "tester-secret");
        LocalStore store = LocalStore.start(data.resolve("s3"), 0, credentials, "thunderhead");
        URI endpoint = URI.create(store.endpoint());
        return new Cloud(
                data.resolve("kafka"),
                broker,
                data.resolve("s3"),
                store,
                new S3Settings(
                        endpoint,
                        endpoint,
                        "us-east-1",
                        "thunderhead",
                        credentials.accessKey(),
                        credentials.secretKey()));
    }

    /** Stops the broker and starts it again at the same address. */
    void restartBroker() throws IOException {
        String address = broker.bootstrap();
        broker.close();
        broker = LocalBroker.start(brokerData, Integer.parseInt(address.substring(address.indexOf(':') + 1)));
    }

    /** Stops the S3 server; its objects stay. */
    void stopStore() {
        storeServer.close();
    }

    /** Starts the S3 server again, at the same address. */
    void startStore() throws IOException {
        storeServer = LocalStore.start(
                storeData,
                storeSettings.endpoint().getPort(),
                new LocalStore.Credentials(storeSettings.accessKey(), storeSettings.secretKey()),
                storeSettings.bucket());
    }

    KafkaConnection kafka() {
        return kafka;
    }

    S3Settings storeSettings() {
        return storeSettings;
    }

    S3ObjectStore store() {
        return store;
    }

    Outcomes outcomes() {
        return new Outcomes(store);
    }

    /** A new 64x64 task in four steps. */
    static RenderTask task(Lane lane, String prompt) {
        return task(lane, prompt, 4, new ImageSize(64, 64));
    }

    static RenderTask task(Lane lane, String prompt, int steps, ImageSize size) {
        return task(lane, prompt, steps, size, Duration.ofMinutes(5));
    }

    static RenderTask task(Lane lane, String prompt, int steps, ImageSize size, Duration deadline) {
        TaskId id = new TaskId(JobId.create(Instant.now(), RandomGenerator.getDefault()), 0);
        return task(id, lane, prompt, steps, size, deadline, OutputFormat.PNG);
    }

    /** The tasks of one new job of so many 64x64 pictures. */
    static List<RenderTask> job(int pictures, Lane lane, String prompt, int steps) {
        JobId job = JobId.create(Instant.now(), RandomGenerator.getDefault());
        List<RenderTask> tasks = new ArrayList<>();
        for (int i = 0; i < pictures; i++) {
            tasks.add(task(
                    new TaskId(job, i),
                    lane,
                    prompt,
                    steps,
                    new ImageSize(64, 64),
                    Duration.ofMinutes(5),
                    OutputFormat.PNG));
        }
        return tasks;
    }

    /** A new task that wants a JPEG file. */
    static RenderTask jpegTask(String prompt) {
        TaskId id = new TaskId(JobId.create(Instant.now(), RandomGenerator.getDefault()), 0);
        return task(id, Lane.INTERACTIVE, prompt, 4, new ImageSize(64, 64), Duration.ofMinutes(5), OutputFormat.JPEG);
    }

    /** A new task with previews. */
    static RenderTask watched(String prompt, int previews) {
        RenderTask task = task(Lane.INTERACTIVE, prompt);
        JobDescription job = task.job();
        JobDescription watched = new JobDescription(
                job.lane(),
                job.model(),
                job.size(),
                job.steps(),
                job.format(),
                job.count(),
                job.inline(),
                previews,
                job.createdAt(),
                job.metadata(),
                job.callback());
        return new RenderTask(
                task.id(),
                task.account(),
                watched,
                task.prompt(),
                task.seed(),
                task.compression(),
                task.promptInFile(),
                task.deadline(),
                task.outcomeKey(),
                task.traceparent());
    }

    private static RenderTask task(
            TaskId id, Lane lane, String prompt, int steps, ImageSize size, Duration deadline, OutputFormat format) {
        JobDescription job = job(lane, SleepingPainter.MODEL.id(), steps, size, format);
        return new RenderTask(
                id,
                ACCOUNT,
                job,
                prompt,
                7,
                100,
                false,
                job.createdAt().plus(deadline),
                KEYS.outcome(ACCOUNT, id),
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    }

    /** A job of one picture, submitted now. */
    static JobDescription job(Lane lane, String model, int steps, ImageSize size, OutputFormat format) {
        return new JobDescription(
                lane, model, size, steps, format, 1, false, 0, Instant.now(), Map.of(), Optional.empty());
    }

    RenderTask submit(RenderTask task) {
        produce(TaskRecords.of(task));
        return task;
    }

    List<RenderTask> submit(int count, Lane lane, String prompt) {
        List<RenderTask> tasks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tasks.add(submit(task(lane, prompt)));
        }
        return tasks;
    }

    void produce(ProducerRecord<String, byte[]> record) {
        try {
            producer.send(record).get();
        } catch (Exception problem) {
            throw new AssertionError(problem);
        }
    }

    /** Claims the task, the only one that waits in its lane, and gives it back, so that its next delivery is its second. */
    void deliverOnceInVain(RenderTask task) {
        deliverInVain(task, 1);
    }

    /** Claims the task, the only one that waits in its lane, and gives it back, so many times. */
    void deliverInVain(RenderTask task, int times) {
        int left = times;
        try (KafkaShareConsumer<String, byte[]> consumer = kafka.shareConsumer(Topic.RENDER_GROUP, "vain", 1)) {
            consumer.subscribe(List.of(Topic.of(task.lane()).topicName()));
            Instant end = Instant.now().plus(PATIENCE);
            while (Instant.now().isBefore(end)) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    if (!record.key().equals(task.id().job().value())) {
                        throw new AssertionError("another task waits: " + record);
                    }
                    consumer.acknowledge(record, AcknowledgeType.RELEASE);
                    consumer.commitSync();
                    left--;
                }
                if (left == 0) {
                    return;
                }
            }
            throw new AssertionError("nothing waits in " + task.lane());
        }
    }

    /** Every event about the task so far. */
    List<RenderEvent> events(RenderTask task) {
        return records(Topic.EVENTS).stream()
                .map(record -> Json.read(record.value(), RenderEvent.class))
                .filter(event -> event.id().equals(task.id()))
                .toList();
    }

    /** The tasks that events were published about, in order. */
    List<TaskId> ended() {
        return records(Topic.EVENTS).stream()
                .map(record -> Json.read(record.value(), RenderEvent.class).id())
                .toList();
    }

    List<ConsumerRecord<String, byte[]>> records(Topic topic) {
        TopicPartition partition = new TopicPartition(topic.topicName(), 0);
        try (KafkaConsumer<String, byte[]> consumer = kafka.consumer(Map.of())) {
            consumer.assign(Set.of(partition));
            consumer.seekToBeginning(Set.of(partition));
            long end = consumer.endOffsets(Set.of(partition)).get(partition);
            List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
            return records;
        }
    }

    /** What stands at the task's outcome key, when an event has told of it. */
    Optional<Outcome> outcome(RenderTask task) {
        List<RenderEvent> events = events(task);
        if (events.isEmpty()) {
            return Optional.empty();
        }
        try {
            return outcomes().find(task.outcomeKey());
        } catch (IOException problem) {
            throw new AssertionError(problem);
        }
    }

    boolean allEnded(List<RenderTask> tasks) {
        return new HashSet<>(ended())
                .containsAll(tasks.stream().map(RenderTask::id).toList());
    }

    @Override
    public void close() {
        producer.close();
        store.close();
        storeServer.close();
        broker.close();
    }
}
