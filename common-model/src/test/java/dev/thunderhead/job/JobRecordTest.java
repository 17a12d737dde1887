package dev.thunderhead.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.thunderhead.wire.Json;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JobRecordTest {
    private static final Outcome PICTURE = Samples.picture();
    private static final Outcome FAILED =
            new Outcome.Failed(FailureCode.RENDER_FAILED, "why", Samples.NOON.plusSeconds(9));
    private static final Outcome CANCELLED = new Outcome.Cancelled("called off", Samples.NOON.plusSeconds(1));

    private static JobRecord.Finished record(Outcome... last) {
        List<Outcome> outcomes = new java.util.ArrayList<>(Collections.nCopies(4 - last.length, PICTURE));
        outcomes.addAll(List.of(last));
        return JobRecord.Finished.of(Samples.JOB, Samples.ACCOUNT, Samples.description(), outcomes);
    }

    @Test
    void aFailureOutweighsACancellationAndThatAPicture() {
        assertThat(record().status()).isEqualTo(JobStatus.COMPLETED);
        assertThat(record(CANCELLED).status()).isEqualTo(JobStatus.CANCELLED);
        assertThat(record(CANCELLED, FAILED).status()).isEqualTo(JobStatus.FAILED);
    }

    @Test
    void itLastsFromTheFirstTasksStartToTheLastOnesEnd() {
        assertThat(record(FAILED).startedAt()).contains(Samples.NOON.plusMillis(12));
        assertThat(record(FAILED).completedAt()).isEqualTo(FAILED.finishedAt());
        assertThat(record(FAILED, FAILED, FAILED, CANCELLED).startedAt()).isEmpty();
    }

    @Test
    void whatIsStoredReadsBackAsItWas() {
        JobRecord finished = record(CANCELLED, FAILED);
        assertThat(Json.read(Json.bytes(finished), JobRecord.class)).isEqualTo(finished);
        JobRecord deleted = new JobRecord.Deleted(Samples.JOB, Samples.NOON);
        assertThat(Json.read(Json.bytes(deleted), JobRecord.class)).isEqualTo(deleted);
    }

    @Test
    void aJobHasAnOutcomeForEachTask() {
        List<Outcome> three = Collections.nCopies(3, PICTURE);
        assertThatThrownBy(() -> JobRecord.Finished.of(Samples.JOB, Samples.ACCOUNT, Samples.description(), three))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void progressReadsBackAsItWas() {
        RenderProgress started = new RenderProgress.Started(new TaskId(Samples.JOB, 1), Samples.NOON);
        assertThat(Json.read(Json.bytes(started), RenderProgress.class)).isEqualTo(started);

        RenderProgress.StepDone step = new RenderProgress.StepDone(
                new TaskId(Samples.JOB, 1), Samples.NOON, 2, 4, Optional.of(new RenderProgress.Preview(1, new byte[] {
                    1, 2
                })));
        RenderProgress.StepDone read =
                (RenderProgress.StepDone) Json.read(Json.bytes((RenderProgress) step), RenderProgress.class);
        assertThat(read.step()).isEqualTo(2);
        assertThat(read.preview().orElseThrow().jpeg()).containsExactly(1, 2);
    }
}
