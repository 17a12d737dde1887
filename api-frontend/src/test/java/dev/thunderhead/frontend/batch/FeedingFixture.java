package dev.thunderhead.frontend.batch;

import dev.thunderhead.frontend.ManualClock;
import dev.thunderhead.frontend.answer.PictureData;
import dev.thunderhead.frontend.catalog.ModelCatalog;
import dev.thunderhead.frontend.file.FileId;
import dev.thunderhead.frontend.file.Files;
import dev.thunderhead.frontend.file.StoredFile;
import dev.thunderhead.frontend.job.JobCanceller;
import dev.thunderhead.frontend.job.JobNews;
import dev.thunderhead.frontend.job.MemoryStore;
import dev.thunderhead.frontend.request.BatchRequest;
import dev.thunderhead.frontend.request.GenerationRequestParser;
import dev.thunderhead.frontend.request.HttpsAlone;
import dev.thunderhead.health.Readiness;
import dev.thunderhead.job.Account;
import dev.thunderhead.job.Outcome;
import dev.thunderhead.job.RenderEvent;
import dev.thunderhead.job.RenderTask;
import dev.thunderhead.job.StageTimings;
import dev.thunderhead.model.ImageSize;
import dev.thunderhead.model.ModelDescriptor;
import dev.thunderhead.storage.ObjectKeys;
import dev.thunderhead.storage.Outcomes;
import dev.thunderhead.storage.RecordStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** Feeders over a store and a journal in memory, with all that is theirs. */
final class FeedingFixture implements AutoCloseable {
    static final Account ACME = new Account("acme");
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration KEPT = Duration.ofDays(1);

    final ObjectKeys keys = new ObjectKeys("a secret of at least thirty-two characters");
    final MemoryStore memory = new MemoryStore();
    final RecordStore store = watched(memory);
    final Outcomes outcomes = new Outcomes(store);
    final JobNews news = new JobNews();
    final MemoryJournal journal = new MemoryJournal(news);
    final ManualClock clock = new ManualClock(Instant.now());
    final Files files = new Files(store, clock);
    private final List<Frontend> frontends = new CopyOnWriteArrayList<>();
    private volatile Trouble trouble = (verb, key) -> {};

    /** Something that goes wrong with the store. */
    @FunctionalInterface
    interface Trouble {
        /** Called before each of the store's verbs. */
        void before(String verb, String key) throws IOException;
    }

    /** Says what it is told to say. */
    static final class Lease implements FeederLease {
        private volatile Optional<String> epoch = Optional.of("first");
        private volatile boolean fresh = true;

        void doubt() {
            fresh = false;
        }

        void trust() {
            fresh = true;
        }

        /** Another one is chosen. */
        void lose() {
            epoch = Optional.empty();
        }

        @Override
        public Optional<String> epoch() {
            return epoch;
        }

        @Override
        public boolean isFresh() {
            return fresh;
        }
    }

    /** A frontend that feeds. Closed, it has died: nothing is written any more. */
    record Frontend(Lease lease, Batching batching) implements AutoCloseable {
        @Override
        public void close() {
            lease.lose();
            batching.feeder().close();
        }
    }

    private RecordStore watched(MemoryStore whole) {
        return (RecordStore) Proxy.newProxyInstance(
                RecordStore.class.getClassLoader(), new Class<?>[] {RecordStore.class}, (self, verb, arguments) -> {
                    trouble.before(verb.getName(), String.valueOf(arguments[0]));
                    try {
                        return verb.invoke(whole, arguments);
                    } catch (InvocationTargetException problem) {
                        throw problem.getCause();
                    }
                });
    }

    /** From now on this goes wrong, and nothing else. */
    void troubled(Trouble next) {
        trouble = next;
    }

    /** A frontend whose catalogue is the model {@code tiny}. */
    Frontend frontend() {
        return frontend("tiny");
    }

    Frontend frontend(String model) {
        ModelDescriptor descriptor = new ModelDescriptor(
                model,
                "build-1",
                "Apache-2.0",
                1_790_000_000,
                "thunderhead",
                new ImageSize(256, 256),
                new ModelDescriptor.Sizes(128, 1024, 64),
                List.of(new ModelDescriptor.Unet("unet", List.of(4), ModelDescriptor.PredictionType.EPSILON)),
                4,
                Optional.empty());
        Lease lease = new Lease();
        Batching batching = Batching.of(
                new GenerationRequestParser(new ModelCatalog(List.of(descriptor), Map.of()), new HttpsAlone()),
                new PictureData((account, task, format) -> "http://pictures/" + task, store, keys),
                new Batching.Jobs(
                        journal, news, outcomes, new JobCanceller(outcomes, keys, journal, clock), journal, () -> 0),
                lease,
                this::look,
                (account, batch, event, at) -> {},
                new Batching.Means(store, files, keys, KEPT, () -> {}, new Readiness(), clock, RANDOM));
        Frontend frontend = new Frontend(lease, batching);
        frontends.add(frontend);
        batching.feeder().start();
        return frontend;
    }

    /** Has all feeders look at the batch. */
    void look(Batches.Name name) {
        frontends.forEach(frontend -> frontend.batching().feeder().look(name));
    }

    /** So many lines, each for a picture. */
    static List<String> lines(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(line -> line(line, "")).toList();
    }

    /** @param more parameters of the request, each with a comma before it */
    static String line(int number, String more) {
        String body = "{\"model\": \"tiny\", \"prompt\": \"picture %d\"%s}".formatted(number, more);
        return "{\"custom_id\": \"line-%d\", \"method\": \"POST\", \"url\": \"/v1/images/generations\", \"body\": %s}"
                .formatted(number, body);
    }

    /** Begins a batch of {@link #ACME}, which has a day. */
    Batches.Name begin(Frontend frontend, List<String> lines) throws IOException {
        return begin(frontend, ACME, lines);
    }

    Batches.Name begin(Frontend frontend, Account account, List<String> lines) throws IOException {
        FileId file = FileId.create(clock.instant(), RANDOM);
        byte[] content = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
        files.store(
                file,
                account,
                "lines.jsonl",
                StoredFile.INPUT,
                KEPT,
                new ByteArrayInputStream(content),
                content.length);
        BatchId id = BatchId.create(clock.instant(), RANDOM);
        BatchRequest request = new BatchRequest(
                file.value(),
                new BatchRequest.Window("24h", Duration.ofHours(24)),
                Map.of(),
                Optional.of(KEPT.multipliedBy(30)));
        frontend.batching().intake().create(account, id, request);
        return new Batches.Name(account, id);
    }

    Batch batch(Batches.Name name) {
        try {
            return new Batches(memory).find(name.account(), name.id()).orElseThrow();
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    /** Waits on a thread that others do not wait for. */
    static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        }
    }

    /** Writes an object anew, with other text in the place of some that it holds. */
    void rewrite(String key, String text, String other) {
        String content = new String(memory.get(key).orElseThrow(), StandardCharsets.UTF_8);
        if (!content.contains(text)) {
            throw new AssertionError(content);
        }
        memory.put(key, content.replace(text, other).getBytes(StandardCharsets.UTF_8), "application/json", Map.of());
    }

    static ConditionFactory patiently() {
        return Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20));
    }

    /** Waits until the batch's record is as wanted. */
    Batch await(Batches.Name name, Predicate<Batch> wanted) {
        return patiently().until(() -> batch(name), wanted);
    }

    /** Waits until the batch has ended, and all is told. */
    Batch awaitEnd(Batches.Name name) {
        String note = ObjectKeys.openBatch(name.account(), name.id().value());
        patiently().until(() -> {
            boolean ended = memory.head(note).isEmpty();
            if (!ended) {
                // One that was forgotten is taken over at the next look, which is seconds away.
                look(name);
            }
            return ended;
        });
        return batch(name);
    }

    /** Waits until so many tasks were published. */
    void awaitTasks(int count) {
        patiently().until(() -> journal.tasks().size() >= count);
    }

    /** How many lines the file has; 0 when there is none. */
    int lines(Optional<FileId> file) throws IOException {
        return content(file).size();
    }

    /** The file's lines; none when there is no file. */
    List<String> content(Optional<FileId> file) throws IOException {
        if (file.isEmpty()) {
            return List.of();
        }
        StoredFile stored = files.find(ACME, file.get()).orElseThrow();
        try (InputStream content = files.open(stored).orElseThrow()) {
            return new String(content.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
    }

    /** Ends the task with a picture. */
    void paint(RenderTask task) {
        end(task, picture(task));
    }

    static Outcome.Picture picture(RenderTask task) {
        return picture(task, 3);
    }

    /** @param bytes how long its file is said to be */
    static Outcome.Picture picture(RenderTask task, int bytes) {
        return new Outcome.Picture(
                task.format(),
                bytes,
                "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                task.seed(),
                task.steps(),
                task.size(),
                task.model(),
                "build-1",
                1,
                new StageTimings(1.5, 2.25, List.of(3.0, 4.0, 5.0, 6.0), 7.0, 8.0),
                Instant.now());
    }

    /** Ends the task, and tells. */
    void end(RenderTask task, Outcome outcome) {
        journal.tell(new RenderEvent(
                task.id(),
                task.account(),
                Optional.of(task.job()),
                task.outcomeKey(),
                record(task, outcome),
                task.traceparent()));
    }

    /** Ends the task, and nobody hears of it. */
    Outcome record(RenderTask task, Outcome outcome) {
        try {
            if (outcome instanceof Outcome.Picture picture) {
                return outcomes.record(task.outcomeKey(), picture, new byte[] {1, 2, 3});
            }
            return outcome instanceof Outcome.Failed failed
                    ? outcomes.record(task.outcomeKey(), failed)
                    : outcomes.record(task.outcomeKey(), (Outcome.Cancelled) outcome);
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    @Override
    public void close() {
        frontends.forEach(Frontend::close);
    }
}
