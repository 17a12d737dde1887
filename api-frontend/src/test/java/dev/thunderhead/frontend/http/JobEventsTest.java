package dev.thunderhead.frontend.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thunderhead.frontend.job.FoundJob;
import dev.thunderhead.frontend.job.JobPosition;
import dev.thunderhead.frontend.job.JobState;
import dev.thunderhead.frontend.job.JobState.TaskState;
import dev.thunderhead.job.Account;
import dev.thunderhead.job.JobDescription;
import dev.thunderhead.job.JobId;
import dev.thunderhead.job.JobStatus;
import dev.thunderhead.job.Lane;
import dev.thunderhead.job.Outcome;
import dev.thunderhead.job.OutputFormat;
import dev.thunderhead.model.ImageSize;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JobEventsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final JobId ID = new JobId("job_7ywb6tq1zr0m3c5k8v2d9h4j6n");
    private static final JobDescription JOB = new JobDescription(
            Lane.STANDARD,
            "tiny",
            new ImageSize(256, 256),
            4,
            OutputFormat.PNG,
            2,
            false,
            0,
            NOW,
            Map.of(),
            Optional.empty());
    private static final TaskState QUEUED = new TaskState.Queued();
    private static final TaskState FAILED =
            new TaskState.Ended(new Outcome.Failed(dev.thunderhead.job.FailureCode.RENDER_FAILED, "no", NOW), NOW);

    private int queuePosition = 5;

    private static TaskState running(int step) {
        return new TaskState.Running(NOW, step, 4);
    }

    private static FoundJob job(TaskState... tasks) {
        return FoundJob.of(new JobState(ID, new Account("acme"), JOB, List.of(tasks)));
    }

    private JobResources.Resource show(FoundJob job) {
        boolean begun =
                job instanceof FoundJob.Open open && open.state().startedAt().isPresent();
        return new JobResources.Resource(
                ID.value(),
                "image.job",
                job.status(),
                job instanceof FoundJob.Open open ? open.state().progress() : 100,
                job.status() == JobStatus.QUEUED ? queuePosition : null,
                null,
                NOW.getEpochSecond(),
                begun ? NOW.getEpochSecond() : null,
                null,
                null,
                "tiny",
                JOB.size(),
                2,
                List.of(),
                null,
                Map.of());
    }

    private JobEvents fresh() {
        return new JobEvents(this::show, JOB, Optional.empty());
    }

    private JobEvents after(String id) {
        return new JobEvents(
                this::show, JOB, Optional.of(JobPosition.parse(id, JOB).orElseThrow()));
    }

    private static List<String> told(JobEvents events, FoundJob... states) {
        List<String> told = new ArrayList<>();
        for (FoundJob state : states) {
            for (SseEvent event : events.until(state)) {
                told.add(event.name().orElseThrow() + "@" + event.id().orElseThrow());
            }
        }
        return told;
    }

    @Test
    void aWholeLifeIsToldInOrder() {
        JobEvents events = fresh();
        assertThat(told(
                        events,
                        job(QUEUED, QUEUED),
                        job(running(0), QUEUED),
                        job(running(1), running(0)),
                        job(running(3), running(1)),
                        job(FAILED, running(4)),
                        job(FAILED, FAILED)))
                .containsExactly(
                        "job.queued@0.0",
                        "job.started@1.0",
                        "job.step@2.0",
                        "job.step@4.1",
                        "job.step@4.2",
                        "job.task_finished@6.2",
                        "job.step@6.5",
                        "job.task_finished@6.6",
                        "job.finished@end");
        assertThat(events.isFinished()).isTrue();
    }

    @Test
    void whoeverComesBackAfterAnyEventIsToldWhatFollowsIt() {
        FoundJob now = job(FAILED, running(2));
        List<String> whole = told(fresh(), now);
        assertThat(whole).containsExactly("job.started@1.0", "job.task_finished@6.0", "job.step@6.3");
        for (int seen = 0; seen < whole.size(); seen++) {
            String last = whole.get(seen).replaceAll(".*@", "");
            assertThat(told(after(last), now)).isEqualTo(whole.subList(seen + 1, whole.size()));
        }
    }

    @Test
    void theQueueIsToldAgainOnlyWhenThePlaceInItIsAnother() {
        JobEvents events = fresh();
        FoundJob queued = job(QUEUED, QUEUED);
        assertThat(told(events, queued, queued)).hasSize(1);
        queuePosition = 3;
        assertThat(told(events, queued, queued)).containsExactly("job.queued@0.0");
        assertThat(told(after("0.0"), queued, queued)).isEmpty();
    }

    @Test
    void aTaskThatAnotherWorkerBeginsAgainIsToldOfWhenItGetsFurther() {
        JobEvents events = fresh();
        assertThat(told(events, job(running(3), QUEUED))).endsWith("job.step@4.0");
        assertThat(told(events, job(running(0), QUEUED), job(running(2), QUEUED), job(running(3), QUEUED)))
                .isEmpty();
        assertThat(told(events, job(running(4), QUEUED))).containsExactly("job.step@5.0");
    }

    @Test
    void ofAJobThatHasEndedBeforeOnlyTheEndIsTold() {
        assertThat(told(fresh(), job(FAILED, FAILED))).containsExactly("job.finished@end");
        assertThat(told(after("6.1"), job(FAILED, FAILED)))
                .containsExactly("job.task_finished@6.6", "job.finished@end");
    }

    @Test
    void theEndIsToldOnce() {
        JobEvents events = fresh();
        assertThat(told(events, job(FAILED, FAILED), job(FAILED, FAILED))).hasSize(1);
    }
}
