package dev.thunderhead.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thunderhead.job.Account;
import dev.thunderhead.job.JobDescription;
import dev.thunderhead.job.JobId;
import dev.thunderhead.job.Lane;
import dev.thunderhead.job.OutputFormat;
import dev.thunderhead.job.RenderEvent;
import dev.thunderhead.job.RenderTask;
import dev.thunderhead.job.TaskId;
import dev.thunderhead.kafka.TaskRecords;
import dev.thunderhead.kafka.TopicSetup;
import dev.thunderhead.model.ImageSize;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RebuildIT {
    private static final int OPEN = 100_000;
    private static final int ENDED = 20_000;

    @TempDir
    Path data;

    private static RenderTask task(int number) {
        Instant now = Instant.now();
        TaskId id = new TaskId(JobId.create(now, new Random(number)), 0);
        return new RenderTask(
                id,
                new Account("acme"),
                new JobDescription(
                        Lane.STANDARD,
                        "tiny-lightning",
                        new ImageSize(256, 256),
                        4,
                        OutputFormat.PNG,
                        1,
                        false,
                        0,
                        now,
                        Map.of(),
                        Optional.empty()),
                "a picture of something with a prompt of a usual length, number " + number,
                number,
                100,
                false,
                now.plus(Duration.ofHours(1)),
                "tasks/acme/" + id.job() + "/0-00000000000000000000000000000000",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00");
    }

    @Test
    void aHundredThousandOpenTasksAreKnownAgainWithinSeconds() throws Exception {
        try (Backing backing = new Backing(data)) {
            new TopicSetup(backing.kafka()).ensureTopics();
            List<Future<?>> sent = new ArrayList<>();
            try (KafkaProducer<String, byte[]> producer = backing.kafka().producer(60_000)) {
                for (int i = 0; i < OPEN + ENDED; i++) {
                    RenderTask task = task(i);
                    sent.add(producer.send(TaskRecords.of(task)));
                    if (i < ENDED) {
                        sent.add(producer.send(TaskRecords.of(new RenderEvent(
                                task.id(),
                                task.account(),
                                Optional.of(task.job()),
                                task.outcomeKey(),
                                FakeWorker.picture(task),
                                task.traceparent()))));
                    }
                }
                for (Future<?> acknowledgement : sent) {
                    acknowledgement.get();
                }
            }
            long begun = System.nanoTime();
            try (Frontend frontend = backing.frontend(Backing.CALLS)) {
                long millis = (System.nanoTime() - begun) / 1_000_000;
                System.out.println("rebuilt " + OPEN + " open tasks: " + millis
                        + " ms, of which the tail's thread computed " + tailMillis() + " ms");
                assertThat(Backing.metric(frontend, "thunderhead_tasks_open{lane=\"standard\"}"))
                        .isEqualTo(OPEN);
                // Its own work, since other work may share the machine.
                assertThat(tailMillis()).isLessThan(15_000);
            }
        }
    }

    private static long tailMillis() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
                .filter(thread -> thread != null && thread.getThreadName().equals("tail"))
                .mapToLong(thread -> threads.getThreadCpuTime(thread.getThreadId()) / 1_000_000)
                .sum();
    }
}
