package dev.thunderhead.bench;

import dev.thunderhead.job.JobDescription;
import dev.thunderhead.job.JobId;
import dev.thunderhead.job.Lane;
import dev.thunderhead.job.Outcome;
import dev.thunderhead.job.OutputFormat;
import dev.thunderhead.job.RenderEvent;
import dev.thunderhead.job.RenderTask;
import dev.thunderhead.job.StageTimings;
import dev.thunderhead.job.TaskId;
import dev.thunderhead.kafka.TaskRecords;
import dev.thunderhead.model.ImageSize;
import dev.thunderhead.storage.ObjectKeys;
import dev.thunderhead.wire.Json;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;

/** The jobs that the benches submit, and what a worker would tell of them. Thread-safe. */
final class BenchTasks {
    private static final String PROMPT =
            "a red heart on a white background, in the style of an old poster, with a border";
    private static final long SEED = 7;
    private static final int STEPS = 4;
    private static final ImageSize SIZE = new ImageSize(256, 256);
    private static final String MODEL = "tiny-lightning";
    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private final ObjectKeys keys = new ObjectKeys(Deployment.SECRET);

    /** The body of a request for one picture. */
    static Buffer body() {
        return Buffer.buffer(Json.bytes(
                Map.of("model", MODEL, "prompt", PROMPT, "seed", SEED, "metadata", Map.of("order", "4711"))));
    }

    /** The one task of such a request's job. */
    ProducerRecord<String, byte[]> queued(JobId job) {
        return queued(job, Lane.STANDARD);
    }

    /** The same in any lane. */
    ProducerRecord<String, byte[]> queued(JobId job, Lane lane) {
        TaskId task = new TaskId(job, 0);
        return TaskRecords.of(new RenderTask(
                task,
                Deployment.ACCOUNT,
                description(lane),
                PROMPT,
                SEED,
                100,
                true,
                Instant.now().plus(lane.deadline()),
                keys.outcome(Deployment.ACCOUNT, task),
                TRACE));
    }

    /** The bytes that such a task takes in its topic, headers included. */
    int recordBytes() {
        ProducerRecord<String, byte[]> record = queued(new JobId("job_" + "0".repeat(26)));
        int bytes = record.value().length;
        for (Header header : record.headers()) {
            bytes += header.key().getBytes(StandardCharsets.UTF_8).length + header.value().length;
        }
        return bytes;
    }

    private static JobDescription description(Lane lane) {
        return new JobDescription(
                lane,
                MODEL,
                SIZE,
                STEPS,
                OutputFormat.PNG,
                1,
                false,
                0,
                Instant.now(),
                Map.of("order", "4711"),
                Optional.empty());
    }

    /** The news that the job's one picture is there. */
    ProducerRecord<String, byte[]> succeeded(JobId job) {
        TaskId task = new TaskId(job, 0);
        Outcome picture = new Outcome.Picture(
                OutputFormat.PNG,
                60_000,
                "0".repeat(64),
                SEED,
                STEPS,
                SIZE,
                MODEL,
                "bench",
                1,
                new StageTimings(5, 10, List.of(20.0, 20.0, 20.0, 20.0), 20, 2),
                Instant.now());
        return TaskRecords.of(new RenderEvent(
                task,
                Deployment.ACCOUNT,
                Optional.of(description(Lane.STANDARD)),
                keys.outcome(Deployment.ACCOUNT, task),
                picture,
                TRACE));
    }
}
