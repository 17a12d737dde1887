package dev.thunderhead.frontend.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thunderhead.job.Account;
import dev.thunderhead.job.FailureCode;
import dev.thunderhead.job.JobDescription;
import dev.thunderhead.job.JobId;
import dev.thunderhead.job.Lane;
import dev.thunderhead.job.Outcome;
import dev.thunderhead.job.OutputFormat;
import dev.thunderhead.job.RenderEvent;
import dev.thunderhead.job.TaskId;
import dev.thunderhead.model.ImageSize;
import dev.thunderhead.wire.TaskEnvelope;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class OpenTasksTest {
    static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    static final Account ACME = new Account("acme");
    private static final Random RANDOM = new Random(1);

    private final AtomicLong now = new AtomicLong();
    private final OpenTasks tasks = new OpenTasks(now::get);

    static JobDescription description(Lane lane, Instant createdAt) {
        return new JobDescription(
                lane,
                "tiny",
                new ImageSize(256, 256),
                4,
                OutputFormat.PNG,
                1,
                false,
                0,
                createdAt,
                Map.of(),
                Optional.empty());
    }

    static OpenTask task(Lane lane, Account account, Instant queuedAt) {
        TaskId id = new TaskId(JobId.create(queuedAt, RANDOM), 0);
        Instant deadline = queuedAt.plus(Duration.ofMinutes(2));
        return new OpenTask(
                lane,
                1,
                queuedAt,
                new TaskEnvelope(id, account, description(lane, queuedAt), deadline, "key", "trace"));
    }

    static OpenTask task(Instant queuedAt) {
        return task(Lane.INTERACTIVE, ACME, queuedAt);
    }

    static RenderEvent failed(OpenTask task, FailureCode code) {
        return new RenderEvent(
                task.id(),
                task.account(),
                Optional.of(task.envelope().job()),
                "key",
                new Outcome.Failed(code, "why", NOON),
                "trace");
    }

    private int depth(Lane lane) {
        return tasks.backlog(lane).depth();
    }

    @Test
    void aTaskIsOpenFromItsRecordToItsEventHoweverOftenTheyCome() {
        OpenTask task = task(NOON);
        tasks.queued(task);
        tasks.queued(task);
        assertThat(depth(Lane.INTERACTIVE)).isEqualTo(1);
        assertThat(tasks.depth(Lane.INTERACTIVE, ACME)).isEqualTo(1);
        assertThat(tasks.backlog(Lane.INTERACTIVE).oldest()).contains(NOON);

        tasks.ended(failed(task, FailureCode.RENDER_FAILED), NOON);
        tasks.ended(failed(task, FailureCode.RENDER_FAILED), NOON);
        assertThat(depth(Lane.INTERACTIVE)).isZero();
        assertThat(tasks.depth(Lane.INTERACTIVE, ACME)).isZero();
        assertThat(tasks.oldest()).isEmpty();
    }

    @Test
    void anEventMayComeBeforeItsTask() {
        OpenTask task = task(NOON);
        tasks.ended(failed(task, FailureCode.RENDER_FAILED), NOON);
        tasks.queued(task);
        assertThat(depth(Lane.INTERACTIVE)).isZero();
    }

    @Test
    void lanesAndAccountsAreCountedApart() {
        Account other = new Account("other");
        tasks.queued(task(Lane.BULK, ACME, NOON));
        tasks.queued(task(Lane.INTERACTIVE, other, NOON.plusSeconds(1)));
        tasks.queued(task(Lane.INTERACTIVE, ACME, NOON.plusSeconds(2)));

        assertThat(depth(Lane.BULK)).isEqualTo(1);
        assertThat(depth(Lane.STANDARD)).isZero();
        assertThat(depth(Lane.INTERACTIVE)).isEqualTo(2);
        assertThat(tasks.depth(Lane.INTERACTIVE, other)).isEqualTo(1);
        assertThat(tasks.backlog(Lane.INTERACTIVE).oldest()).contains(NOON.plusSeconds(1));
        assertThat(tasks.oldest()).contains(NOON);
    }

    @Test
    void dueIsWhatIsPastItsDeadlineInOnesOwnPartitions() {
        OpenTask early = task(NOON);
        tasks.queued(early);
        tasks.queued(task(NOON.plusSeconds(60)));
        Instant time = NOON.plusSeconds(150);
        assertThat(tasks.due(time, partition -> true, 10)).isEmpty();
        tasks.caughtUp();

        assertThat(tasks.due(time, partition -> true, 10)).containsExactly(early);
        assertThat(tasks.due(time, partition -> partition == 0, 10)).isEmpty();
        assertThat(tasks.due(time.plusSeconds(60), partition -> true, 1)).hasSize(1);
    }

    @Test
    void theDrainRateCountsWhatWorkersEndInBusyTime() {
        tasks.caughtUp();
        for (int i = 0; i < 10; i++) {
            OpenTask task = task(NOON);
            tasks.queued(task);
            now.addAndGet(Duration.ofMillis(500).toNanos());
            tasks.ended(failed(task, FailureCode.RENDER_FAILED), NOON);
            // Idle: nobody asks for anything.
            now.addAndGet(Duration.ofMinutes(10).toNanos());
        }
        assertThat(tasks.backlog(Lane.INTERACTIVE).drainPerSecond().getAsDouble())
                .isBetween(1.9, 2.2);
    }

    @Test
    void whatRunsOutOfTimeSaysNothingAboutWorkersSpeed() {
        tasks.caughtUp();
        OpenTask task = task(NOON);
        tasks.queued(task);
        tasks.ended(failed(task, FailureCode.DEADLINE_EXCEEDED), NOON);
        assertThat(tasks.backlog(Lane.INTERACTIVE).drainPerSecond()).isEmpty();
    }

    @Test
    void thePastIsNotMeasured() {
        OpenTask task = task(NOON);
        tasks.queued(task);
        tasks.ended(failed(task, FailureCode.RENDER_FAILED), NOON);
        tasks.caughtUp();
        assertThat(tasks.backlog(Lane.INTERACTIVE).drainPerSecond()).isEmpty();
    }
}
