package dev.thunderhead.frontend.queue;

import static org.assertj.core.api.Assertions.assertThat;

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

    private void queue(Account account, int count) {
        for (int i = 0; i < count; i++) {
            tasks.queued(OpenTasksTest.task(Lane.INTERACTIVE, account, NOON));
        }
    }

    /** Lets one task be seen to take a second. */
    private void drainOnePerSecond() {
        tasks.caughtUp();
        OpenTask task = OpenTasksTest.task(NOON);
        tasks.queued(task);
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        tasks.ended(OpenTasksTest.failed(task, FailureCode.RENDER_FAILED), true);
    }

    private Admission.Verdict.Refused refused(Account account, Instant now) {
        Admission.Verdict verdict = admission(now).judge(account, Lane.INTERACTIVE);
        assertThat(verdict).isInstanceOf(Admission.Verdict.Refused.class);
        return (Admission.Verdict.Refused) verdict;
    }

    private void admitted(Account account, Instant now) {
        assertThat(admission(now).judge(account, Lane.INTERACTIVE)).isEqualTo(new Admission.Verdict.Admitted());
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
}
