package dev.thunderhead.frontend.http;

import dev.thunderhead.frontend.job.JobState;
import dev.thunderhead.job.Outcome;
import dev.thunderhead.job.StageTimings;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * The header {@code server-timing} (W3C Server Timing): where the time of the picture that finished last went, in
 * milliseconds. {@code queue}, {@code text}, {@code step1} …, {@code decode} and {@code encode} are the worker's;
 * {@code upload} is from the finished file to the event in Kafka, {@code total} from the request's arrival to its answer.
 */
final class ServerTiming {
    static final String HEADER = "server-timing";

    private ServerTiming() {}

    /** @param total from the request's arrival until now */
    static Optional<String> of(JobState.TaskState.Ended ended, Duration total) {
        return ended.outcome() instanceof Outcome.Picture picture
                ? Optional.of(of(picture, ended.publishedAt(), total))
                : Optional.empty();
    }

    private static String of(Outcome.Picture picture, Instant publishedAt, Duration total) {
        StageTimings timings = picture.timings();
        StringJoiner header = new StringJoiner(", ");
        add(header, "queue", timings.queue());
        add(header, "text", timings.text());
        for (int step = 0; step < timings.steps().size(); step++) {
            add(header, "step" + (step + 1), timings.steps().get(step));
        }
        add(header, "decode", timings.decode());
        add(header, "encode", timings.encode());
        // Two clocks are involved, so a short upload may seem to have ended before it began.
        Duration upload = Duration.between(picture.finishedAt(), publishedAt);
        add(header, "upload", Math.max(0.0, upload.toNanos() / 1e6));
        add(header, "total", total.toNanos() / 1e6);
        return header.toString();
    }

    private static void add(StringJoiner header, String name, double millis) {
        header.add(String.format(Locale.ROOT, "%s;dur=%.1f", name, millis));
    }
}
