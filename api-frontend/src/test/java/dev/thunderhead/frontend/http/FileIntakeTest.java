package dev.thunderhead.frontend.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.thunderhead.frontend.error.ApiError;
import dev.thunderhead.frontend.error.ApiException;
import dev.thunderhead.frontend.file.FileSettings;
import dev.thunderhead.frontend.file.Files;
import dev.thunderhead.frontend.file.StoredFile;
import dev.thunderhead.frontend.intake.IdempotencyKey;
import dev.thunderhead.frontend.intake.IdempotencyKeys;
import dev.thunderhead.frontend.job.MemoryStore;
import dev.thunderhead.frontend.request.FileForm;
import dev.thunderhead.job.Account;
import dev.thunderhead.storage.ObjectKeys;
import dev.thunderhead.storage.RecordStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class FileIntakeTest {
    private static final Account ACME = new Account("acme");
    private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
    private static final FileForm FORM = new FileForm(StoredFile.INPUT, Optional.empty());
    private static final Optional<IdempotencyKey> KEY = Optional.of(new IdempotencyKey("campaign-1"));
    private static final Optional<IdempotencyKey> NONE = Optional.empty();

    private final MemoryStore store = new MemoryStore();
    private final Random random = new Random(1);
    private final FileIntake intake = intake(store, NOW);

    private FileIntake intake(RecordStore store, Instant now) {
        Clock clock = Clock.fixed(now, ZoneOffset.UTC);
        return new FileIntake(
                new Files(store, clock),
                new IdempotencyKeys(store, clock),
                new FileSettings(1 << 20, Duration.ofDays(1)),
                clock,
                random);
    }

    private static InputStream lines(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private StoredFile take(Optional<IdempotencyKey> key, String content) throws Exception {
        return intake.take(ACME, key, "a.jsonl", lines(content), () -> FORM);
    }

    private String content(StoredFile file) {
        return new String(
                store.get(ObjectKeys.fileContent(ACME, file.id().value())).orElseThrow(), StandardCharsets.UTF_8);
    }

    private List<String> stored() {
        List<String> stored = new ArrayList<>(store.list("files/records/"));
        stored.addAll(store.list("files/content/"));
        return stored;
    }

    private static void assertReused(Callable<StoredFile> upload) {
        assertThat(catchThrowableOfType(ApiException.class, upload::call)
                        .error()
                        .code())
                .isEqualTo("idempotency_key_reused");
    }

    @Test
    void aRepeatIsAnsweredWithTheSameFileAndLeavesNothing() throws Exception {
        StoredFile first = take(KEY, "one");
        assertThat(take(KEY, "one")).isEqualTo(first);
        assertThat(stored()).hasSize(2);
        assertThat(take(NONE, "one").id()).isNotEqualTo(first.id());
    }

    @Test
    void whatDiffersInAnythingIsNoRepeat() throws Exception {
        StoredFile first = take(KEY, "one");
        FileForm hour = new FileForm(StoredFile.INPUT, Optional.of(Duration.ofHours(1)));
        assertReused(() -> take(KEY, "two"));
        assertReused(() -> take(KEY, "longer"));
        assertReused(() -> intake.take(ACME, KEY, "b.jsonl", lines("one"), () -> FORM));
        assertReused(() -> intake.take(ACME, KEY, "a.jsonl", lines("one"), () -> hour));
        assertThat(stored()).hasSize(2);
        assertThat(content(first)).isEqualTo("one");
    }

    /** Uploads all at once: each has been written before any is finished. */
    private List<Future<StoredFile>> together(String... contents) throws Exception {
        CyclicBarrier written = new CyclicBarrier(contents.length);
        ExecutorService threads = Executors.newFixedThreadPool(contents.length);
        try {
            List<Callable<StoredFile>> uploads = new ArrayList<>();
            for (String content : contents) {
                uploads.add(() -> intake.take(ACME, KEY, "a.jsonl", lines(content), () -> {
                    try {
                        written.await();
                    } catch (BrokenBarrierException | InterruptedException problem) {
                        throw new IOException(problem);
                    }
                    return FORM;
                }));
            }
            return threads.invokeAll(uploads);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void ofTheSameUploadSeveralTimesAtOnceOneFileIsKept() throws Exception {
        List<StoredFile> answers = new ArrayList<>();
        for (Future<StoredFile> upload : together("one", "one", "one", "one")) {
            answers.add(upload.get());
        }
        assertThat(answers).hasSize(4).containsOnly(answers.get(0));
        assertThat(stored()).hasSize(2);
        assertThat(content(answers.get(0))).isEqualTo("one");
    }

    @Test
    void ofTwoUploadsAtOnceTheOneThatEndsLaterIsRefusedAndTheOtherUnharmed() throws Exception {
        List<String> kept = new ArrayList<>();
        String[] contents = {"one", "two"};
        List<Future<StoredFile>> uploads = together(contents);
        for (int i = 0; i < contents.length; i++) {
            Future<StoredFile> upload = uploads.get(i);
            try {
                assertThat(content(upload.get())).isEqualTo(contents[i]);
                kept.add(contents[i]);
            } catch (ExecutionException problem) {
                assertThat(problem.getCause()).isInstanceOf(ApiException.class);
            }
        }
        assertThat(kept).hasSize(1);
        assertThat(stored()).hasSize(2);
    }

    @Test
    void aFileThatHasGoneIsMadeAnewUnderItsKey() throws Exception {
        StoredFile first = take(KEY, "one");
        new Files(store, Clock.fixed(NOW, ZoneOffset.UTC)).delete(ACME, first.id());
        StoredFile second = take(KEY, "one");
        assertThat(content(second)).isEqualTo("one");
        assertThat(take(KEY, "one")).isEqualTo(second);
        assertReused(() -> take(KEY, "two"));

        FileForm hour = new FileForm(StoredFile.INPUT, Optional.of(Duration.ofHours(1)));
        Optional<IdempotencyKey> key = Optional.of(new IdempotencyKey("short"));
        intake.take(ACME, key, "a.jsonl", lines("one"), () -> hour);
        Instant later = NOW.plus(Duration.ofHours(2));
        StoredFile again = intake(store, later).take(ACME, key, "a.jsonl", lines("one"), () -> hour);
        assertThat(again.expiresAt()).isEqualTo(later.plus(Duration.ofHours(1)));
    }

    @Test
    void whatIsWrongWithTheFieldsLeavesNoContent() {
        for (Optional<IdempotencyKey> key : List.of(NONE, KEY)) {
            assertThatThrownBy(() -> intake.take(ACME, key, "a.jsonl", lines("one"), () -> {
                        throw ApiError.invalid("purpose", "purpose is missing").asException();
                    }))
                    .isInstanceOf(ApiException.class);
        }
        assertThat(stored()).isEmpty();
    }

    /** Fails, as often as is said, to write what is known of a file. */
    private RecordStore failing(int times) {
        int[] left = {times};
        return (RecordStore) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {RecordStore.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("put")
                            && arguments[0].toString().startsWith("files/records/")
                            && left[0]-- > 0) {
                        throw new IOException("the store is away");
                    }
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException problem) {
                        throw problem.getCause();
                    }
                });
    }

    @Test
    void aFileThatCannotBeKeptLeavesNoContent() {
        FileIntake broken = intake(failing(1), NOW);
        assertThatThrownBy(() -> broken.take(ACME, NONE, "a.jsonl", lines("one"), () -> FORM))
                .hasMessage("the store is away");
        assertThat(stored()).isEmpty();
    }

    @Test
    void whatStoppedHalfWayUnderAKeyIsFinishedByTheRepeat() throws Exception {
        FileIntake broken = intake(failing(1), NOW);
        assertThatThrownBy(() -> broken.take(ACME, KEY, "a.jsonl", lines("one"), () -> FORM))
                .hasMessage("the store is away");
        assertReused(() -> take(KEY, "two"));
        StoredFile repeated = broken.take(ACME, KEY, "a.jsonl", lines("one"), () -> FORM);
        assertThat(content(repeated)).isEqualTo("one");
        assertThat(take(KEY, "one")).isEqualTo(repeated);
        assertThat(stored()).hasSize(2);
    }
}
