package dev.thunderhead.frontend.queue;

import static dev.thunderhead.frontend.queue.OpenTasksTest.ACME;
import static dev.thunderhead.frontend.queue.OpenTasksTest.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.thunderhead.frontend.job.JobState;
import dev.thunderhead.frontend.job.JobState.TaskState;
import dev.thunderhead.frontend.job.KnownJobs.Place;
import dev.thunderhead.job.Account;
import dev.thunderhead.job.FailureCode;
import dev.thunderhead.job.JobDescription;
import dev.thunderhead.job.JobId;
import dev.thunderhead.job.JobStatus;
import dev.thunderhead.job.Lane;
import dev.thunderhead.job.Outcome;
import dev.thunderhead.job.OutputFormat;
import dev.thunderhead.job.RenderEvent;
import dev.thunderhead.job.RenderProgress;
import dev.thunderhead.job.TaskId;
import dev.thunderhead.model.ImageSize;
import dev.thunderhead.wire.TaskEnvelope;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class OpenJobsTest {
    private static final Random RANDOM = new Random(2);
    private static final TaskState UNKNOWN = new TaskState.Unknown();
    private static final TaskState QUEUED = new TaskState.Queued();

    private final AtomicLong now = new AtomicLong();
    private final OpenTasks tasks = new OpenTasks(now::get);

    /** A job in the standard lane. */
    private record Sample(JobId id, Account account, JobDescription job) {
        static Sample of(Account account, int count, Instant createdAt) {
            JobDescription job = new JobDescription(
                    Lane.STANDARD,
                    "tiny",
                    new ImageSize(256, 256),
                    4,
                    OutputFormat.PNG,
                    count,
                    false,
                    0,
                    createdAt,
                    Map.of(),
                    Optional.empty());
            return new Sample(JobId.create(createdAt, RANDOM), account, job);
        }

        static Sample of(int count) {
            return of(ACME, count, NOON);
        }

        OpenTask task(int index) {
            TaskEnvelope envelope = new TaskEnvelope(
                    new TaskId(id, index), account, job, job.createdAt().plusSeconds(3_600), "key", "trace");
            return new OpenTask(Lane.STANDARD, 1, job.createdAt(), envelope);
        }

        RenderEvent end(int index) {
            Outcome outcome = new Outcome.Failed(FailureCode.RENDER_FAILED, "why", NOON);
            return new RenderEvent(new TaskId(id, index), account, Optional.of(job), "key", outcome, "trace");
        }

        RenderEvent bareEnd(int index) {
            return new RenderEvent(
                    new TaskId(id, index),
                    account,
                    Optional.empty(),
                    "key",
                    end(index).outcome(),
                    "trace");
        }

        RenderProgress step(int index, int step) {
            return new RenderProgress.StepDone(
                    new TaskId(id, index), NOON.plusSeconds(step), step, 4, Optional.empty());
        }
    }

    private Sample queued(int count) {
        Sample job = Sample.of(count);
        for (int i = 0; i < count; i++) {
            tasks.queued(job.task(i));
        }
        return job;
    }

    private List<JobState> of(Account account) {
        return tasks.of(account, Optional.empty(), Integer.MAX_VALUE);
    }

    private JobState state(Sample job) {
        return tasks.find(job.id()).orElseThrow();
    }

    private void end(Sample job, int index) {
        tasks.ended(job.end(index), NOON);
    }

    @Test
    void aJobIsFollowedFromItsFirstRecordToItsLastEnd() {
        Sample job = queued(3);
        assertThat(state(job).status()).isEqualTo(JobStatus.QUEUED);

        tasks.progressed(new RenderProgress.Started(new TaskId(job.id(), 1), NOON));
        tasks.progressed(job.step(1, 2));
        assertThat(state(job).tasks()).containsExactly(QUEUED, new TaskState.Running(NOON, 2, 4), QUEUED);
        end(job, 0);
        end(job, 1);
        assertThat(state(job).status()).isEqualTo(JobStatus.IN_PROGRESS);
        end(job, 2);
        assertThat(state(job).isFinished()).isTrue();
        assertThat(state(job).lastEnd().orElseThrow().publishedAt()).isEqualTo(NOON);
    }

    @Test
    void whatIsRepeatedOrComesLateChangesNothing() {
        Sample job = queued(2);
        end(job, 0);
        tasks.queued(job.task(0));
        tasks.progressed(job.step(0, 1));
        tasks.ended(job.bareEnd(0), NOON.plusSeconds(9));
        assertThat(state(job).tasks().get(0))
                .isEqualTo(new TaskState.Ended(job.end(0).outcome(), NOON));
        assertThat(tasks.backlog(Lane.STANDARD).depth()).isEqualTo(1);
    }

    @Test
    void anEndThatComesBeforeItsTaskIsNotForgotten() {
        for (boolean bare : List.of(false, true)) {
            Sample job = Sample.of(2);
            tasks.ended(bare ? job.bareEnd(1) : job.end(1), NOON);
            tasks.queued(job.task(0));
            tasks.queued(job.task(1));
            assertThat(tasks.depth(Lane.STANDARD, ACME)).isEqualTo(1);
            assertThat(state(job).tasks().get(1)).isInstanceOf(TaskState.Ended.class);
            end(job, 0);
            assertThat(state(job).isFinished()).isTrue();
        }
        assertThat(tasks.due(NOON.plus(Duration.ofDays(2)), any -> true, 10)).isEmpty();
    }

    @Test
    void whatNobodyHereHasHeardOfStaysUnknown() {
        Sample job = Sample.of(3);
        end(job, 2);
        tasks.queued(job.task(1));
        assertThat(state(job).tasks()).startsWith(UNKNOWN, QUEUED);
        end(job, 1);
        assertThat(state(job).isUncertain()).isTrue();
        assertThat(state(job).isFinished()).isFalse();
    }

    @Test
    void progressOfATaskThatIsNotOpenSaysNothing() {
        Sample job = Sample.of(2);
        tasks.progressed(job.step(0, 1));
        assertThat(tasks.find(job.id())).isEmpty();
        tasks.queued(job.task(1));
        tasks.progressed(job.step(0, 1));
        assertThat(state(job).tasks()).containsExactly(UNKNOWN, QUEUED);
        tasks.queued(job.task(0));
        assertThat(tasks.backlog(Lane.STANDARD).depth()).isEqualTo(2);
    }

    @Test
    void aJobWithoutOpenTasksIsForgottenInTimeAlsoWhenItsOtherTasksNeverCome() {
        Sample ended = queued(1);
        end(ended, 0);
        Sample uncertain = Sample.of(2);
        end(uncertain, 0);
        Sample open = queued(2);
        end(open, 0);

        now.addAndGet(Duration.ofMinutes(9).toNanos());
        end(queued(1), 0);
        assertThat(of(ACME)).hasSize(4);
        now.addAndGet(Duration.ofMinutes(2).toNanos());
        end(queued(1), 0);
        assertThat(tasks.find(ended.id())).isEmpty();
        assertThat(tasks.find(uncertain.id())).isEmpty();
        assertThat(tasks.find(open.id())).isPresent();
        assertThat(of(ACME)).hasSize(3);
    }

    @Test
    void nothingIsKeptOfAContradictoryRecord() {
        Sample job = Sample.of(1);
        tasks.queued(job.task(7));
        tasks.ended(job.end(8), NOON);
        assertThat(tasks.backlog(Lane.STANDARD).depth()).isZero();
        now.addAndGet(Duration.ofMinutes(11).toNanos());
        end(queued(1), 0);
        assertThat(tasks.find(job.id())).isEmpty();
    }

    @Test
    void ofManyThatEndTheLatestAreRemembered() {
        Sample first = queued(1);
        end(first, 0);
        for (int i = 0; i < 6_000; i++) {
            Sample job = queued(10);
            for (int j = 0; j < 10; j++) {
                end(job, j);
            }
        }
        assertThat(of(ACME)).hasSize(5_000);
        assertThat(tasks.find(first.id())).isEmpty();
    }

    @Test
    void anAccountsJobsAreItsOwnTheNewestFirst() {
        for (int i = 0; i < 20; i++) {
            tasks.queued(Sample.of(new Account(i % 2 == 0 ? "even" : "odd"), 1, NOON.plusSeconds(i * 7 % 20))
                    .task(0));
        }
        assertThat(of(new Account("even")))
                .hasSize(10)
                .allMatch(state -> state.account().id().equals("even"))
                .extracting(state -> state.job().createdAt())
                .isSortedAccordingTo(Collections.reverseOrder());
        assertThat(of(new Account("nobody"))).isEmpty();

        List<JobState> all = of(new Account("odd"));
        assertThat(tasks.of(new Account("odd"), Optional.of(all.get(2).id()), 4))
                .isEqualTo(all.subList(3, 7));
        assertThat(tasks.of(new Account("odd"), Optional.of(all.get(9).id()), 4))
                .isEmpty();
    }

    @Test
    void aJobsPlaceIsBehindWhatIsQueuedAndNotBehindWhatIsBegun() {
        Sample one = queued(3);
        Sample two = queued(2);
        assertThat(tasks.place(one.id()).orElseThrow().ahead()).isZero();
        assertThat(tasks.place(two.id()).orElseThrow().ahead()).isEqualTo(3);
        tasks.progressed(one.step(0, 1));
        end(one, 1);
        assertThat(tasks.place(two.id()).orElseThrow()).isEqualTo(new Place(1, Optional.empty()));

        tasks.progressed(two.step(0, 1));
        tasks.progressed(two.step(1, 1));
        assertThat(tasks.place(two.id())).isEmpty();
        assertThat(tasks.place(Sample.of(1).id())).isEmpty();
    }

    @Test
    void thePastIsPutInOrderOnceAllOfItIsKnown() {
        Sample late = Sample.of(ACME, 1, NOON.plusSeconds(10));
        Sample early = Sample.of(ACME, 1, NOON);
        tasks.queued(late.task(0));
        tasks.queued(early.task(0));
        tasks.caughtUp();
        assertThat(tasks.place(late.id()).orElseThrow().ahead()).isEqualTo(1);
        assertThat(tasks.place(early.id()).orElseThrow().ahead()).isZero();
        assertThat(tasks.backlog(Lane.STANDARD).oldest()).contains(NOON);
    }

    @Test
    void theEstimateIsOfTheJobsLastTaskAtTheRateTasksLeave() {
        tasks.caughtUp();
        for (int i = 0; i < 100; i++) {
            Sample job = queued(1);
            now.addAndGet(Duration.ofMillis(100).toNanos());
            end(job, 0);
        }
        Sample running = queued(1);
        tasks.progressed(running.step(0, 1));
        queued(50);
        Sample job = queued(49);

        // A hundred have to leave, ten in a second.
        Place place = tasks.place(job.id()).orElseThrow();
        assertThat(place.ahead()).isEqualTo(50);
        assertThat(place.eta().orElseThrow().median()).isBetween(Duration.ofMillis(9_700), Duration.ofMillis(10_200));
        assertThat(place.eta().orElseThrow().ninetieth())
                .isBetween(Duration.ofMillis(11_000), Duration.ofMillis(11_600));
    }
}
