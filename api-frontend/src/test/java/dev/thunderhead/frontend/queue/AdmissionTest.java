package dev.thunderhead.frontend.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thunderhead.frontend.account.KeyEntry;
import dev.thunderhead.frontend.account.Limits;
import dev.thunderhead.frontend.error.ErrorKind;
import dev.thunderhead.frontend.error.Retry;
import dev.thunderhead.job.Account;
import dev.thunderhead.job.FailureCode;
import dev.thunderhead.job.Lane;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    private static final Instant NOON = OpenTasksTest.NOON;
    private static final Account ACME = OpenTasksTest.ACME;

    private final AtomicLong nanos = new AtomicLong();
    private final OpenTasks tasks = new OpenTasks(nanos::get);

    private Admission admission(Instant now) {
        return new Admission(tasks, Duration.ofSeconds(60), Clock.fixed(now, ZoneOffset.UTC));
    }

    private static KeyEntry key(Account account) {
        return new KeyEntry("0".repeat(64), account, new Limits(10, 10, 100));
    }

    private void queue(Account account, int count) {
        queue(Lane.INTERACTIVE, account, count);
    }

    private void queue(Lane lane, Account account, int count) {
        for (int i = 0; i < count; i++) {
            tasks.queued(OpenTasksTest.task(lane, account, NOON));
        }
    }

    /** Lets one task be seen to take a second. */
    private void drainOnePerSecond() {
        drainOnePerSecond(Lane.INTERACTIVE);
    }

    private void drainOnePerSecond(Lane lane) {
        tasks.caughtUp();
        OpenTask task = OpenTasksTest.task(lane, ACME, NOON);
        tasks.queued(task);
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        tasks.ended(OpenTasksTest.failed(task, FailureCode.RENDER_FAILED), NOON);
    }

    private Admission.Verdict.Refused refused(Account account, Instant now) {
        Admission.Verdict verdict = admission(now).judge(key(account), Lane.INTERACTIVE, 1);
        assertThat(verdict).isInstanceOf(Admission.Verdict.Refused.class);
        return (Admission.Verdict.Refused) verdict;
    }

    private void admitted(Account account, Instant now) {
        assertThat(admission(now).judge(key(account), Lane.INTERACTIVE, 1)).isEqualTo(new Admission.Verdict.Admitted());
    }

    @Test
    void aShortWaitIsAdmitted() {
        drainOnePerSecond();
        queue(ACME, 20);
        admitted(ACME, NOON);
    }

    @Test
    void oneAccountsFloodIsItsOwnProblem() {
        drainOnePerSecond();
        queue(ACME, 45);

        Admission.Verdict.Refused refused = refused(ACME, NOON);
        assertThat(refused.error().kind()).isEqualTo(ErrorKind.RATE_LIMIT);
        assertThat(((Retry.After) refused.error().retry()).seconds()).isBetween(10L, 20L);
        admitted(new Account("other"), NOON);
    }

    @Test
    void whenAllTogetherWaitTooLongEverybodyIsToldWhenToComeBack() {
        drainOnePerSecond();
        queue(new Account("one"), 30);
        queue(new Account("two"), 30);
        queue(new Account("three"), 30);

        Admission.Verdict.Refused refused = refused(ACME, NOON);
        assertThat(refused.error().kind()).isEqualTo(ErrorKind.UNAVAILABLE);
        assertThat(((Retry.After) refused.error().retry()).seconds()).isBetween(25L, 40L);
    }

    @Test
    void whileNothingHasBeenSeenToDrainTheOldestTaskTells() {
        tasks.caughtUp();
        queue(ACME, 1000);
        admitted(ACME, NOON.plusSeconds(59));
        assertThat(refused(ACME, NOON.plusSeconds(61)).error().kind()).isEqualTo(ErrorKind.UNAVAILABLE);
    }

    private Admission.Verdict job(Account account, int count) {
        return admission(NOON).judge(key(account), Lane.STANDARD, count);
    }

    @Test
    void anAccountsShareOfQueuedJobsIsItsOwnAndOthersQueuesTurnNobodyAway() {
        drainOnePerSecond(Lane.STANDARD);
        Account other = new Account("other");
        queue(Lane.STANDARD, ACME, 96);
        queue(Lane.STANDARD, other, 100_000 - 96);
        Account third = new Account("third");

        assertThat(job(ACME, 4)).isEqualTo(new Admission.Verdict.Admitted());
        assertThat(job(third, 10)).isEqualTo(new Admission.Verdict.Admitted());
        Admission.Verdict.Refused refused = (Admission.Verdict.Refused) job(ACME, 5);
        assertThat(refused.error().kind()).isEqualTo(ErrorKind.RATE_LIMIT);
        assertThat(refused.error().code()).isEqualTo("queue_full");
    }

    @Test
    void whoHasTooManyJobsQueuedIsToldWhenThereWillBeRoom() {
        drainOnePerSecond(Lane.STANDARD);
        queue(Lane.STANDARD, ACME, 100);
        queue(Lane.STANDARD, new Account("other"), 100);

        // Every other picture is the account's own, so ten of its own take twenty seconds.
        Admission.Verdict.Refused refused = (Admission.Verdict.Refused) job(ACME, 10);
        assertThat(((Retry.After) refused.error().retry()).seconds()).isBetween(18L, 22L);
        Admission.Verdict.Refused never = (Admission.Verdict.Refused) job(ACME, 101);
        assertThat(never.error().retry()).isEqualTo(new Retry.Never());
    }

    @Test
    void whatHasBeenQueuedInOneLaneCountsInThatLaneAlone() {
        drainOnePerSecond();
        queue(Lane.STANDARD, ACME, 1_000);
        admitted(ACME, NOON);
    }
}
