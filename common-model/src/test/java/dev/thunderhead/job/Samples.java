package dev.thunderhead.job;

import dev.thunderhead.model.ImageSize;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One of each record, for tests that need some. */
public final class Samples {
    public static final JobId JOB = new JobId("job_7ywb6tq1zr0m3c5k8v2d9h4j6n");
    public static final Account ACCOUNT = new Account("acme");
    public static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    public static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private Samples() {}

    /** A job of four pictures. */
    public static JobDescription description() {
        return new JobDescription(
                Lane.INTERACTIVE,
                "tiny-lightning",
                new ImageSize(256, 320),
                4,
                OutputFormat.PNG,
                4,
                false,
                0,
                NOON,
                Map.of("campaign", "sömmer"),
                Optional.of(new Callback(
                        "https://example.com/hook", Set.of(JobEvent.COMPLETED, JobEvent.CANCELLED), true)));
    }

    public static RenderTask task(int index) {
        return new RenderTask(
                new TaskId(JOB, index),
                ACCOUNT,
                description(),
                "a café in the snow ☃",
                7,
                90,
                false,
                NOON.plusSeconds(120),
                "tasks/acme/" + JOB + "/" + index + "-0123",
                TRACE);
    }

    public static Outcome.Picture picture() {
        return new Outcome.Picture(
                OutputFormat.PNG,
                12_345,
                "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                9_007_199_254_740_993L,
                4,
                new ImageSize(256, 320),
                "tiny-lightning",
                "a1b2c3",
                2,
                new StageTimings(12.5, 3.25, List.of(10.0, 11.0, 12.0, 13.0), 20.5, 4.75),
                NOON.plusMillis(345));
    }
}
