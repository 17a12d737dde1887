package dev.thunderhead.frontend.batch;

import static dev.thunderhead.frontend.batch.FeedingFixture.line;
import static dev.thunderhead.frontend.batch.FeedingFixture.lines;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thunderhead.frontend.batch.FeedingFixture.Frontend;
import dev.thunderhead.job.Account;
import dev.thunderhead.job.FailureCode;
import dev.thunderhead.job.Outcome;
import dev.thunderhead.job.RenderTask;
import dev.thunderhead.storage.ObjectKeys;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A feeder with its threads, over a store and a journal in memory. */
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class FeederTest {
    private static final Duration DAY = Duration.ofHours(24);

    private final FeedingFixture fixture = new FeedingFixture();

    @AfterEach
    void stop() {
        fixture.close();
    }

    @Test
    void everyLineIsRenderedOnceAndStandsInTheOutput() throws IOException {
        fixture.journal.work(fixture::paint);
        Batches.Name name = fixture.begin(fixture.frontend(), lines(100));
        Batch batch = fixture.awaitEnd(name);
        assertThat(batch.status()).isEqualTo(BatchStatus.COMPLETED);
        assertThat(batch.feed().tally().completed()).isEqualTo(100);
        assertThat(fixture.lines(batch.output())).isEqualTo(100);
        assertThat(batch.errorFile()).isEmpty();
        assertThat(fixture.journal.tasks()).hasSize(100);
    }

    private static Outcome late() {
        return new Outcome.Failed(FailureCode.DEADLINE_EXCEEDED, "too late", Instant.now());
    }

    @Test
    void aBatchWhoseLastLineEndsLateHasExpired() throws IOException {
        Batches.Name name = fixture.begin(fixture.frontend(), lines(1));
        fixture.awaitTasks(1);
        // The worker sees it before the feeder does.
        fixture.clock.forward(DAY.minusSeconds(1));
        fixture.end(fixture.journal.tasks().get(0), late());
        Batch batch = fixture.awaitEnd(name);
        assertThat(batch.status()).isEqualTo(BatchStatus.EXPIRED);
        assertThat(batch.feed().tally().completed() + batch.feed().tally().failed())
                .isZero();
        assertThat(fixture.lines(batch.errorFile())).isEqualTo(1);
    }

    @Test
    void whoeverFindsABatchWithAllItsLinesDroppedEndsItAsItsFirstFeederWouldHave() throws IOException {
        Frontend first = fixture.frontend();
        Batches.Name name = fixture.begin(first, lines(3));
        fixture.awaitTasks(3);
        fixture.paint(fixture.journal.tasks().get(0));
        // Everything is written but that the batch ends.
        fixture.troubled((verb, key) -> {
            if (verb.equals("getVersioned") && fixture.batch(name).feed().results() == 3) {
                throw new IOException("the store is away");
            }
        });
        fixture.clock.forward(DAY);
        fixture.await(name, batch -> batch.feed().results() == 3);
        first.close();
        fixture.troubled((verb, key) -> {});
        fixture.frontend();
        Batch batch = fixture.awaitEnd(name);
        assertThat(batch.status()).isEqualTo(BatchStatus.EXPIRED);
        assertThat(fixture.lines(batch.output())).isEqualTo(1);
        assertThat(fixture.lines(batch.errorFile())).isEqualTo(2);
    }

    @Test
    void aLineThatSomebodysWrongClockCallsLateHasFailedAndTheOthersGoOn() throws IOException {
        fixture.journal.work(
                task -> fixture.end(task, task.prompt().equals("picture 1") ? late() : FeedingFixture.picture(task)));
        Batch batch = fixture.awaitEnd(fixture.begin(fixture.frontend(), lines(3)));
        assertThat(batch.status()).isEqualTo(BatchStatus.COMPLETED);
        assertThat(batch.feed().tally().completed()).isEqualTo(2);
        assertThat(batch.feed().tally().failed()).isEqualTo(1);
    }

    @Test
    void afterItWasFrozenInTheMiddleOfFeedingItQueuesNothingUntilItIsTrustedAgain() throws Exception {
        Frontend frontend = fixture.frontend();
        fixture.journal.work(task -> frontend.lease().doubt());
        Batches.Name name = fixture.begin(frontend, lines(5));
        fixture.awaitTasks(1);
        Thread.sleep(700);
        assertThat(fixture.journal.tasks()).hasSize(1);
        fixture.journal.work(fixture::paint);
        frontend.lease().trust();
        fixture.awaitTasks(5);
        fixture.paint(fixture.journal.tasks().get(0));
        assertThat(fixture.awaitEnd(name).feed().tally().completed()).isEqualTo(5);
        assertThat(fixture.journal.tasks()).hasSize(5);
    }

    @Test
    void manyHintsOfOneBatchReadItsRecordOnceAtATime() throws Exception {
        Batches.Name name = fixture.begin(fixture.frontend(), lines(1));
        fixture.awaitTasks(1);
        CountDownLatch answer = new CountDownLatch(1);
        AtomicInteger reads = new AtomicInteger();
        fixture.troubled((verb, key) -> {
            if (verb.equals("get") && key.endsWith(name + ".json")) {
                reads.incrementAndGet();
                FeedingFixture.await(answer);
            }
        });
        for (int hint = 0; hint < 10; hint++) {
            fixture.look(name);
        }
        FeedingFixture.patiently().until(() -> reads.get() > 0);
        Thread.sleep(300);
        assertThat(reads).hasValue(1);
        answer.countDown();
        fixture.paint(fixture.journal.tasks().get(0));
        assertThat(fixture.awaitEnd(name).status()).isEqualTo(BatchStatus.COMPLETED);
    }

    /** Paints what every task asks for; where pictures are to be in the output, it will be very large. */
    private void paintLargeOnes(RenderTask task) {
        int bytes = task.prompt().equals("picture 1") ? 1 << 30 : 3;
        fixture.end(task, FeedingFixture.picture(task, bytes));
    }

    @Test
    void filesThatTakeForeverToBeWrittenHoldUpNoOtherBatch() throws Exception {
        Frontend frontend = fixture.frontend();
        fixture.journal.work(this::paintLargeOnes);
        CountDownLatch written = new CountDownLatch(1);
        AtomicInteger writing = new AtomicInteger();
        Set<String> large = ConcurrentHashMap.newKeySet();
        fixture.troubled((verb, key) -> {
            if (verb.equals("write")
                    && large.stream().anyMatch(account -> key.startsWith("files/content/" + account))
                    && Thread.currentThread().getName().equals("feeder-store")) {
                writing.incrementAndGet();
                FeedingFixture.await(written);
            }
        });
        List<Batches.Name> stuck = new ArrayList<>();
        for (int account = 1; account <= 4; account++) {
            large.add("account-" + account + "/");
            stuck.add(fixture.begin(
                    frontend,
                    new Account("account-" + account),
                    List.of(line(1, ", \"response_format\": \"b64_json\""))));
        }
        FeedingFixture.patiently().until(() -> writing.get() == 4);
        large.clear();
        Batches.Name waiting = fixture.begin(
                frontend, new Account("account-1"), List.of(line(1, ", \"response_format\": \"b64_json\"")));
        fixture.await(waiting, batch -> batch.status() == BatchStatus.FINALIZING);
        for (String account : List.of("account-1", "account-5")) {
            Batches.Name small = fixture.begin(frontend, new Account(account), List.of(line(2, "")));
            assertThat(fixture.awaitEnd(small).status()).isEqualTo(BatchStatus.COMPLETED);
        }
        stuck.add(waiting);
        for (Batches.Name name : stuck) {
            assertThat(fixture.batch(name).status()).isEqualTo(BatchStatus.FINALIZING);
        }
        written.countDown();
        for (Batches.Name name : stuck) {
            assertThat(fixture.awaitEnd(name).status()).isEqualTo(BatchStatus.COMPLETED);
        }
    }

    @Test
    void whoFeedsNoLongerGivesUpTheFilesThatItWrites() throws Exception {
        Frontend frontend = fixture.frontend();
        CountDownLatch lost = new CountDownLatch(1);
        List<String> read = new CopyOnWriteArrayList<>();
        fixture.troubled((verb, key) -> {
            if (verb.equals("get")
                    && key.startsWith("tasks/")
                    && Thread.currentThread().getName().equals("feeder-store")) {
                read.add(key);
                FeedingFixture.await(lost);
            }
        });
        fixture.begin(frontend, new Account("globex"), lines(1));
        fixture.awaitTasks(1);
        fixture.journal.work(fixture::paint);
        String inline = ", \"response_format\": \"b64_json\"";
        Batches.Name name = fixture.begin(frontend, List.of(line(1, inline), line(2, inline)));
        FeedingFixture.patiently().until(() -> !read.isEmpty());
        frontend.lease().lose();
        FeedingFixture.patiently().until(() -> frontend.batching().feeder().batches() == 0);
        lost.countDown();
        assertThat(fixture.batch(name).status()).isEqualTo(BatchStatus.FINALIZING);
        fixture.frontend();
        assertThat(fixture.lines(fixture.awaitEnd(name).output())).isEqualTo(2);
        assertThat(read).as("the second picture once, by whoever goes on").hasSize(3);
    }

    @Test
    void whoTakesABatchOverWritesTheNoteOfItAnew() throws IOException {
        Frontend first = fixture.frontend();
        Batches.Name name = fixture.begin(first, lines(1));
        fixture.awaitTasks(1);
        first.close();
        Instant noted = notedAt(name);
        fixture.frontend();
        FeedingFixture.patiently().until(() -> notedAt(name).isAfter(noted));
        fixture.paint(fixture.journal.tasks().get(0));
        assertThat(fixture.awaitEnd(name).status()).isEqualTo(BatchStatus.COMPLETED);
    }

    private Instant notedAt(Batches.Name name) {
        String note = ObjectKeys.openBatch(name.account(), name.id().value());
        return fixture.memory.list(note, "", 1).get(0).writtenAt();
    }

    @Test
    void whatNobodyForesawMakesItForgetThatBatchAlone() throws IOException {
        Frontend frontend = fixture.frontend();
        Batches.Name broken = fixture.begin(frontend, lines(3));
        Batches.Name other = fixture.begin(frontend, new Account("globex"), lines(3));
        fixture.awaitTasks(6);
        AtomicBoolean failed = new AtomicBoolean();
        fixture.troubled((verb, key) -> {
            if (verb.equals("put") && key.contains(broken + "/") && failed.compareAndSet(false, true)) {
                throw new OutOfMemoryError("none left for the results");
            }
        });
        String before = fixture.batch(broken).feed().feeder();
        String beforeOther = fixture.batch(other).feed().feeder();
        fixture.journal.tasks().forEach(fixture::paint);
        Batch end = fixture.awaitEnd(broken);
        assertThat(failed).isTrue();
        assertThat(end.feed().feeder()).as("it was taken over anew").isNotEqualTo(before);
        assertThat(end.feed().tally().completed()).isEqualTo(3);
        assertThat(fixture.lines(end.output())).isEqualTo(3);
        assertThat(fixture.awaitEnd(other).feed().feeder()).isEqualTo(beforeOther);
        assertThat(fixture.journal.tasks()).as("nothing is rendered again").hasSize(6);
    }

    @Test
    void aRecordThatContradictsItselfIsTheTroubleOfItsBatchAlone() throws IOException {
        Frontend first = fixture.frontend();
        Batches.Name broken = fixture.begin(first, lines(3));
        fixture.awaitTasks(3);
        first.close();
        fixture.rewrite(ObjectKeys.batch(broken.account(), broken.id().value()), "\"beyond\":\"\"", "\"beyond\":\"!\"");
        Batches.Name other = fixture.begin(fixture.frontend(), lines(3));
        fixture.awaitTasks(6);
        String before = fixture.batch(other).feed().feeder();
        AtomicInteger attempts = new AtomicInteger();
        fixture.troubled((verb, key) ->
                attempts.addAndGet(verb.equals("getVersioned") && key.endsWith(broken + ".json") ? 1 : 0));
        FeedingFixture.patiently().until(() -> {
            fixture.look(broken);
            return attempts.get() > 1;
        });
        fixture.journal.tasks().forEach(fixture::paint);
        Batch end = fixture.awaitEnd(other);
        assertThat(end.feed().tally().completed()).isEqualTo(3);
        assertThat(end.feed().feeder()).isEqualTo(before);
    }
}
