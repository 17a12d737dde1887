package dev.thunderhead.frontend.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.thunderhead.backing.LocalStore;
import dev.thunderhead.frontend.file.FileId;
import dev.thunderhead.frontend.file.Files;
import dev.thunderhead.frontend.file.StoredFile;
import dev.thunderhead.job.Account;
import dev.thunderhead.job.JobId;
import dev.thunderhead.job.TaskId;
import dev.thunderhead.storage.Lifecycle;
import dev.thunderhead.storage.ObjectKeys;
import dev.thunderhead.storage.RecordStore;
import dev.thunderhead.storage.S3ObjectStore;
import dev.thunderhead.storage.S3Settings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a real store and with a clock that is set. */
@SuppressWarnings("try")
class RetentionIT {
    private static final Random RANDOM = new Random(3);
    private static final Account ACME = new Account("acme");
    /** A month from the end of a job, which may have been open for a day. */
    private static final Duration LIMIT = Duration.ofDays(31).plusHours(1);

    private static final RetentionSettings MONTH = new RetentionSettings(Duration.ofDays(30));

    @TempDir
    Path data;

    private final Instant now = Instant.now();
    private final ObjectKeys keys = new ObjectKeys("a secret of at least thirty-two characters");
    private LocalStore server;
    private S3ObjectStore store;

    @BeforeEach
    void start() throws IOException {
        server = LocalStore.start(data, 0, new LocalStore.Credentials("access", "secret-key"), "thunderhead");
        URI endpoint = URI.create(server.endpoint());
        store = S3ObjectStore.open(
                new S3Settings(endpoint, endpoint, "us-east-1", "thunderhead", "access", "secret-key"));
    }

    @AfterEach
    void stop() {
        store.close();
        server.close();
    }

    private static Clock at(Instant time) {
        return Clock.fixed(time, ZoneOffset.UTC);
    }

    private JobId job(Duration age) {
        return JobId.create(now.minus(age), RANDOM);
    }

    private String write(String key) throws IOException {
        store.put(key, new byte[] {1}, "text/plain", Map.of());
        return key;
    }

    /** All that lies about of a job of two tasks. */
    private List<String> write(Account account, JobId job) throws IOException {
        List<String> written = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            written.add(write(keys.outcome(account, new TaskId(job, i))));
            written.add(write(ObjectKeys.attempts(account, new TaskId(job, i)) + "1"));
        }
        written.add(write(ObjectKeys.job(account, job)));
        return written;
    }

    private void sweep(RecordStore swept, Instant time, JobId open) throws InterruptedException {
        new Sweeper(swept, open::equals, () -> true, at(time)).sweep(Keeping.all(MONTH));
    }

    private List<String> left() throws IOException {
        return store.list("").stream()
                .filter(key -> !key.startsWith("conditional"))
                .toList();
    }

    @Test
    void oldJobsGoAndYoungOnesAndOpenOnesStay() throws Exception {
        List<String> staying = new ArrayList<>();
        JobId open = job(Duration.ofDays(40));
        staying.addAll(write(ACME, open));
        for (Account account : List.of(ACME, new Account("other"))) {
            staying.addAll(write(account, job(LIMIT.minusSeconds(60))));
            staying.addAll(write(account, job(Duration.ZERO)));
            write(account, job(LIMIT));
            write(account, job(Duration.ofDays(300)));
        }
        write(new Account("gone"), job(Duration.ofDays(32)));
        // Not ours: it stands where old jobs do, and says nothing about its age.
        staying.add(write("jobs/acme/zebra.json"));

        sweep(store, now, open);
        assertThat(left()).containsExactlyInAnyOrderElementsOf(staying);
        sweep(store, now, open);
        assertThat(left()).hasSameSizeAs(staying);
    }

    @Test
    void whatHasNoJobsTimeGoesByWhenItWasWritten() throws Exception {
        JobId none = job(Duration.ZERO);
        String key = write("idempotency/acme/0123.json");
        String orphan = write("orphans/acme/0123/left");
        String delivery = write("webhooks/acme/deliveries/we_1/wd_1.json");
        String endpoints = write("webhooks/acme/endpoints.json");
        String secret = write("webhooks/acme/secret.json");

        sweep(store, now.plus(Duration.ofMinutes(110)), none);
        assertThat(left()).containsExactlyInAnyOrder(key, orphan, delivery, endpoints, secret);
        sweep(store, now.plus(Duration.ofMinutes(130)), none);
        assertThat(left()).containsExactlyInAnyOrder(key, delivery, endpoints, secret);
        sweep(store, now.plus(Duration.ofHours(26)), none);
        assertThat(left()).containsExactlyInAnyOrder(delivery, endpoints, secret);
        sweep(store, now.plus(Duration.ofDays(31)), none);
        assertThat(left()).containsExactlyInAnyOrder(endpoints, secret);
    }

    private StoredFile file(Account account, Duration age, Duration kept) throws IOException {
        byte[] content = {1, 2, 3};
        return new Files(store, at(now.minus(age)))
                .store(
                        FileId.create(now.minus(age), RANDOM),
                        account,
                        "lines.jsonl",
                        StoredFile.INPUT,
                        kept,
                        new ByteArrayInputStream(content),
                        content.length);
    }

    private List<String> idsLeft() throws IOException {
        return store.list("files/content/").stream()
                .map(key -> key.replaceFirst(".*/", ""))
                .toList();
    }

    @Test
    void filesGoWhenTheyExpireAndNotBefore() throws Exception {
        JobId none = job(Duration.ZERO);
        StoredFile hour = file(ACME, Duration.ZERO, Duration.ofHours(1));
        StoredFile month = file(new Account("other"), Duration.ZERO, Duration.ofDays(30));
        // Longer than results are kept.
        StoredFile year = file(ACME, Duration.ofDays(40), Duration.ofDays(365));

        sweep(store, hour.expiresAt(), none);
        assertThat(idsLeft()).hasSize(3);
        sweep(store, hour.expiresAt().plusSeconds(2), none);
        assertThat(idsLeft())
                .containsExactlyInAnyOrder(month.id().value(), year.id().value());
        sweep(store, month.expiresAt().plusSeconds(2), none);
        assertThat(idsLeft()).containsExactly(year.id().value());
        assertThat(new Files(store, at(now)).find(ACME, year.id())).contains(year);
        sweep(store, year.expiresAt().plusSeconds(2), none);
        assertThat(left()).isEmpty();
    }

    @Test
    void whatWasUploadedAndNeverFinishedGoesAfterSomeDays() throws Exception {
        JobId none = job(Duration.ZERO);
        byte[] content = {1, 2, 3};
        FileId id = FileId.create(now, RANDOM);
        new Files(store, at(now)).write(id, ACME, new ByteArrayInputStream(content), content.length);
        StoredFile kept = file(ACME, Duration.ZERO, Duration.ofDays(30));

        sweep(store, now.plus(Duration.ofHours(47)), none);
        assertThat(idsLeft()).containsExactlyInAnyOrder(id.value(), kept.id().value());
        sweep(store, now.plus(Duration.ofHours(49)), none);
        assertThat(idsLeft()).containsExactly(kept.id().value());
        assertThat(store.list("files/expiry/")).hasSize(1);
    }

    @Test
    void aFileThatItsOwnerDeletedLeavesNothingBehind() throws Exception {
        StoredFile file = file(ACME, Duration.ZERO, Duration.ofDays(30));
        assertThat(new Files(store, at(now)).delete(ACME, file.id())).isTrue();
        sweep(store, now.plus(Duration.ofHours(49)), job(Duration.ZERO));
        assertThat(left()).isEmpty();
    }

    @Test
    void batchesGoWithWhatTheyMade() throws Exception {
        Duration limit = LIMIT.plusDays(7);
        String batch = write(ObjectKeys.batch(ACME, "batch_1"));
        sweep(store, now.plus(limit.minusMinutes(1)), job(Duration.ZERO));
        assertThat(left()).containsExactly(batch);
        sweep(store, now.plus(limit.plusMinutes(1)), job(Duration.ZERO));
        assertThat(left()).isEmpty();
    }

    @Test
    void moreThanAPageGoesToo() throws Exception {
        for (int i = 0; i < 1_050; i++) {
            write(ObjectKeys.job(ACME, job(Duration.ofDays(32).plusMillis(i))));
        }
        String young = write(ObjectKeys.job(ACME, job(Duration.ofDays(1))));
        sweep(store, now, job(Duration.ZERO));
        assertThat(left()).containsExactly(young);
    }

    @Test
    void whatFailsIsLeftForTheNextTimeAndTheRestGoes() throws Exception {
        JobId none = job(Duration.ZERO);
        write(ACME, job(Duration.ofDays(32)));
        RecordStore failing = (RecordStore) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {RecordStore.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("deleteAll")
                            && arguments[0].toString().contains("tasks/")) {
                        throw new IOException("the store is away");
                    }
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException problem) {
                        throw problem.getCause();
                    }
                });
        sweep(failing, now, none);
        assertThat(left()).hasSize(2).allMatch(key -> key.startsWith("tasks/"));
        sweep(store, now, none);
        assertThat(left()).isEmpty();
    }

    @Test
    void whoIsNotTheOwnerAnyMoreStopsAtTheNextPage() throws Exception {
        write(ACME, job(Duration.ofDays(32)));
        AtomicInteger asked = new AtomicInteger();
        new Sweeper(store, any -> false, () -> asked.getAndIncrement() < 1, at(now)).sweep(Keeping.all(MONTH));
        assertThat(left()).hasSize(3).noneMatch(key -> key.startsWith("tasks/"));
    }

    private Retention retention(Lifecycle lifecycle, boolean owner) {
        return new Retention(MONTH, store, lifecycle, any -> false, () -> owner, at(now.plus(Duration.ofDays(31))));
    }

    @Test
    void aStoreWithoutRulesIsSwept() throws Exception {
        write(ACME, job(Duration.ofDays(1)));
        write("webhooks/acme/deliveries/we_1/wd_1.json");
        try (Retention retention = retention(store.lifecycle(), true)) {
            await().atMost(Duration.ofSeconds(30)).until(() -> left().isEmpty());
        }
    }

    @Test
    void aStoreWithRulesDoesTheWorkAndTheRestIsSwept() throws Exception {
        List<String> staying = write(ACME, job(Duration.ofDays(1)));
        write("webhooks/acme/deliveries/we_1/wd_1.json");
        List<Lifecycle.Expiry> given = new CopyOnWriteArrayList<>();
        try (Retention retention = retention(given::addAll, true)) {
            await().atMost(Duration.ofSeconds(30)).until(() -> left().size() == staying.size());
        }
        assertThat(given).hasSize(6).contains(new Lifecycle.Expiry("tasks/", 32));
        assertThat(left()).containsExactlyInAnyOrderElementsOf(staying);
    }

    @Test
    void whoIsNotTheOwnerDoesNothing() throws Exception {
        List<String> staying = write(ACME, job(Duration.ofDays(40)));
        try (Retention retention = retention(store.lifecycle(), false)) {
            Thread.sleep(2_500);
        }
        assertThat(left()).hasSameSizeAs(staying);
    }
}
