package dev.thunderhead.frontend.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thunderhead.frontend.job.JobState.TaskState;
import dev.thunderhead.job.Account;
import dev.thunderhead.job.JobDescription;
import dev.thunderhead.job.JobId;
import dev.thunderhead.job.Lane;
import dev.thunderhead.job.Outcome;
import dev.thunderhead.job.OutputFormat;
import dev.thunderhead.model.ImageSize;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobPositionTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final JobDescription JOB = new JobDescription(
            Lane.STANDARD,
            "tiny",
            new ImageSize(256, 256),
            4,
            OutputFormat.PNG,
            3,
            false,
            0,
            NOW,
            Map.of(),
            Optional.empty());

    private static JobPosition of(TaskState... tasks) {
        JobId id = new JobId("job_7ywb6tq1zr0m3c5k8v2d9h4j6n");
        return JobPosition.of(FoundJob.of(new JobState(id, new Account("acme"), JOB, List.of(tasks))));
    }

    private static TaskState ended() {
        return new TaskState.Ended(new Outcome.Cancelled("called off", NOW), NOW);
    }

    @Test
    void itsTextTellsHowFarEachTaskIsAndIsUnderstoodAgain() {
        JobPosition position = of(ended(), new TaskState.Running(NOW, 2, 4), new TaskState.Queued());
        assertThat(position).hasToString("6.3.0");
        assertThat(JobPosition.parse("6.3.0", JOB)).contains(position);
        assertThat(JobPosition.parse(JobPosition.start(JOB).toString(), JOB)).contains(JobPosition.start(JOB));
    }

    @Test
    void aTaskOnlyEverGetsFurther() {
        List<TaskState> life = List.of(
                new TaskState.Unknown(),
                new TaskState.Running(NOW, 0, 4),
                new TaskState.Running(NOW, 1, 4),
                new TaskState.Running(NOW, 4, 4),
                ended());
        for (int i = 1; i < life.size(); i++) {
            int before = of(life.get(i - 1), ended(), ended()).of(0);
            assertThat(of(life.get(i), ended(), ended()).of(0)).isGreaterThan(before);
        }
    }

    @Test
    void aStepBeyondTheLastIsNotTheEnd() {
        assertThat(of(new TaskState.Running(NOW, 90, 100), ended(), ended()).of(0))
                .isLessThan(6);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "1", "1.2", "1.2.3.4", "7.0.0", "-1.0.0", "a.b.c", "1..2", "1.2.3\n", "1000.0.0", "end"})
    void whatIsNoPlaceInTheJobIsNotUnderstood(String text) {
        assertThat(JobPosition.parse(text, JOB)).isEmpty();
    }
}
