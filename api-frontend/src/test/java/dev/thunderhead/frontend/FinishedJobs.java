package dev.thunderhead.frontend;

import dev.thunderhead.job.Account;
import dev.thunderhead.job.Callback;
import dev.thunderhead.job.FailureCode;
import dev.thunderhead.job.JobDescription;
import dev.thunderhead.job.JobId;
import dev.thunderhead.job.JobRecord;
import dev.thunderhead.job.Lane;
import dev.thunderhead.job.Outcome;
import dev.thunderhead.job.OutputFormat;
import dev.thunderhead.job.StageTimings;
import dev.thunderhead.model.ImageSize;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Jobs that have ended, as the finisher would tell of them. */
public final class FinishedJobs {
    private static final SecureRandom RANDOM = new SecureRandom();

    private FinishedJobs() {}

    /** A job of a picture and whatever else is given. */
    public static JobRecord.Finished of(
            Account account, Map<String, String> metadata, Optional<Callback> callback, Outcome... others) {
        return of(Lane.STANDARD, account, metadata, callback, others);
    }

    /** A line of a batch. */
    public static JobRecord.Finished line(Account account, Optional<Callback> callback) {
        return of(Lane.BULK, account, Map.of(), callback);
    }

    /** A line of a batch that asked for the pictures themselves. */
    public static JobRecord.Finished inlineLine(Account account, Outcome... outcomes) {
        return of(Lane.BULK, account, Map.of(), Optional.empty(), true, List.of(outcomes));
    }

    private static JobRecord.Finished of(
            Lane lane, Account account, Map<String, String> metadata, Optional<Callback> callback, Outcome... others) {
        List<Outcome> outcomes = new ArrayList<>(List.of(picture(12_345)));
        outcomes.addAll(List.of(others));
        return of(lane, account, metadata, callback, false, outcomes);
    }

    private static JobRecord.Finished of(
            Lane lane,
            Account account,
            Map<String, String> metadata,
            Optional<Callback> callback,
            boolean inline,
            List<Outcome> outcomes) {
        Instant now = Instant.now();
        JobDescription job = new JobDescription(
                lane,
                "tiny-lightning",
                new ImageSize(256, 256),
                4,
                OutputFormat.PNG,
                outcomes.size(),
                inline,
                0,
                now.minusSeconds(2),
                metadata,
                callback);
        return JobRecord.Finished.of(JobId.create(now, RANDOM), account, job, outcomes);
    }

    /** A job of one picture. */
    public static JobRecord.Finished completed(Account account) {
        return of(account, Map.of("campaign", "sömmer"), Optional.empty());
    }

    public static Outcome failed() {
        return new Outcome.Failed(FailureCode.RENDER_FAILED, "it went wrong", Instant.now());
    }

    public static Outcome cancelled() {
        return new Outcome.Cancelled("called off", Instant.now());
    }

    /** A picture of so many bytes. */
    public static Outcome.Picture picture(int bytes) {
        return new Outcome.Picture(
                OutputFormat.PNG,
                bytes,
                "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                7,
                4,
                new ImageSize(256, 256),
                "tiny-lightning",
                "build-1",
                1,
                new StageTimings(1.5, 2.25, List.of(3.0, 4.0, 5.0, 6.0), 7.0, 8.0),
                Instant.now());
    }
}
