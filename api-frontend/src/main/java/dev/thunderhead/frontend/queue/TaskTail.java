package dev.thunderhead.frontend.queue;

import dev.thunderhead.frontend.job.JobState;
import dev.thunderhead.frontend.job.KnownJobs;
import dev.thunderhead.frontend.job.News;
import dev.thunderhead.health.Readiness;
import dev.thunderhead.job.Account;
import dev.thunderhead.job.JobId;
import dev.thunderhead.job.Lane;
import dev.thunderhead.job.RenderEvent;
import dev.thunderhead.kafka.KafkaConnection;
import dev.thunderhead.kafka.TaskRecords;
import dev.thunderhead.wire.Json;
import dev.thunderhead.wire.MalformedRecordException;
import dev.thunderhead.wire.TaskEnvelope;
import dev.thunderhead.wire.Topic;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads every task and every event, outside any group, and folds them into {@link OpenTasks}; ends of tasks are passed
 * on to those who wait.
 *
 * <p>At the start it reads the tasks from where the workers' share group stands, then the events since the oldest of
 * those tasks, each up to what stands there at that moment; then it is caught up. One thread of its own does all of it.
 * When that thread dies, health fails, since nobody would hear an answer any more.
 */
public final class TaskTail implements KnownJobs, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TaskTail.class);
    private static final String PART = "tail";
    private static final Duration POLL = Duration.ofSeconds(1);
    /** By how much the clocks of those who write to Kafka may differ. */
    private static final Duration CLOCK_SKEW = Duration.ofMinutes(1);

    private static final Map<String, Lane> LANES = Arrays.stream(Lane.values())
            .collect(Collectors.toMap(lane -> Topic.of(lane).topicName(), lane -> lane));

    private final KafkaConnection kafka;
    private final OpenTasks openTasks;
    private final JobBook jobs = new JobBook();
    private final Consumer<News> listener;
    private final Runnable unreadable;
    private final Readiness readiness;
    private final Instant startedAt;
    private final KafkaConsumer<String, byte[]> consumer;
    private final ConsumerThread thread;

    /**
     * @param listener hears every event, more than once when it was published more than once
     * @param unreadable is run for each record that cannot be read
     */
    public TaskTail(
            KafkaConnection kafka,
            OpenTasks openTasks,
            Consumer<News> listener,
            Runnable unreadable,
            Readiness readiness,
            Clock clock) {
        this.kafka = kafka;
        this.openTasks = openTasks;
        this.listener = listener;
        this.unreadable = unreadable;
        this.readiness = readiness;
        this.startedAt = clock.instant();
        this.consumer = kafka.consumer(Map.of("client.id", "frontend-tail"));
        this.thread = new ConsumerThread(PART, consumer, readiness, this::catchUp, this::poll);
        readiness.waitFor(PART, "reading the open tasks");
    }

    public void start() {
        thread.start();
    }

    private void catchUp() throws ExecutionException, InterruptedException {
        rebuild();
        openTasks.caughtUp();
        readiness.ready(PART);
    }

    private void rebuild() throws ExecutionException, InterruptedException {
        long begun = System.nanoTime();
        List<TopicPartition> tasks =
                LANES.keySet().stream().flatMap(this::partitions).toList();
        List<TopicPartition> events = partitions(Topic.EVENTS.topicName()).toList();
        Map<TopicPartition, Long> claimed = claimedOffsets();
        consumer.assign(tasks);
        consumer.seekToBeginning(tasks);
        // A partition of which the group has not stored anything yet is open from its beginning.
        claimed.keySet().retainAll(tasks);
        claimed.forEach(consumer::seek);
        readTo(consumer.endOffsets(tasks));
        consumer.assign(Stream.concat(tasks.stream(), events.stream()).toList());
        eventsToRead(events).forEach(consumer::seek);
        readTo(consumer.endOffsets(events));
        LOG.info("event=tail_caught_up millis={}", (System.nanoTime() - begun) / 1_000_000);
    }

    private Stream<TopicPartition> partitions(String topic) {
        return consumer.partitionsFor(topic).stream().map(info -> new TopicPartition(topic, info.partition()));
    }

    private Map<TopicPartition, Long> claimedOffsets() throws ExecutionException, InterruptedException {
        try (Admin admin = kafka.admin()) {
            Map<TopicPartition, SharePartitionOffsetInfo> stored = admin.listShareGroupOffsets(
                            Map.of(Topic.RENDER_GROUP, new ListShareGroupOffsetsSpec()))
                    .partitionsToOffsetInfo(Topic.RENDER_GROUP)
                    .get();
            Map<TopicPartition, Long> offsets = new HashMap<>();
            stored.forEach((partition, info) -> {
                if (info != null) {
                    offsets.put(partition, Math.max(0, info.startOffset()));
                }
            });
            return offsets;
        } catch (ExecutionException problem) {
            if (problem.getCause() instanceof GroupIdNotFoundException) {
                return new HashMap<>();
            }
            throw problem;
        }
    }

    private Map<TopicPartition, Long> eventsToRead(Collection<TopicPartition> events) {
        Map<TopicPartition, Long> from = new HashMap<>(consumer.endOffsets(events));
        openTasks.oldest().ifPresent(oldest -> {
            long since = oldest.minus(CLOCK_SKEW).toEpochMilli();
            Map<TopicPartition, Long> times =
                    events.stream().collect(Collectors.toMap(partition -> partition, partition -> since));
            for (Map.Entry<TopicPartition, OffsetAndTimestamp> found :
                    consumer.offsetsForTimes(times).entrySet()) {
                if (found.getValue() != null) {
                    from.put(found.getKey(), found.getValue().offset());
                }
            }
        });
        return from;
    }

    private void readTo(Map<TopicPartition, Long> ends) {
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            poll();
        }
    }

    private void poll() {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
            Lane lane = LANES.get(record.topic());
            if (lane == null) {
                event(record);
            } else {
                task(lane, record);
            }
        }
    }

    private void task(Lane lane, ConsumerRecord<String, byte[]> record) {
        TaskEnvelope.Content content = TaskRecords.open(record);
        Instant queuedAt = Instant.ofEpochMilli(record.timestamp());
        if (content instanceof TaskEnvelope.Content.Task task) {
            queued(new OpenTask(lane, record.partition(), queuedAt, TaskEnvelope.of(task.task())));
        } else if (content instanceof TaskEnvelope.Content.Unreadable broken) {
            // It cannot be rendered, but where its headers can be read it is somebody's open task, and has to end.
            unreadable.run();
            broken.envelope().ifPresent(envelope -> queued(new OpenTask(lane, record.partition(), queuedAt, envelope)));
        }
    }

    private void queued(OpenTask task) {
        openTasks.queued(task);
        jobs.queued(task);
    }

    private void event(ConsumerRecord<String, byte[]> record) {
        try {
            RenderEvent event = Json.read(record.value() == null ? new byte[0] : record.value(), RenderEvent.class);
            Instant publishedAt = Instant.ofEpochMilli(record.timestamp());
            openTasks.ended(event, publishedAt.isAfter(startedAt.minus(CLOCK_SKEW)));
            jobs.ended(event, publishedAt);
            listener.accept(new News.Ended(event, publishedAt));
        } catch (MalformedRecordException problem) {
            unreadable.run();
            LOG.warn(
                    "event=event_unreadable partition={} offset={} problem={}",
                    record.partition(),
                    record.offset(),
                    problem.getMessage());
        }
    }

    @Override
    public Optional<JobState> find(JobId job) {
        return jobs.find(job);
    }

    @Override
    public List<JobState> of(Account account) {
        return jobs.of(account);
    }

    @Override
    public Optional<Place> place(JobId job) {
        return Optional.empty();
    }

    @Override
    public CompletableFuture<Void> caughtUp() {
        return CompletableFuture.completedFuture(null);
    }

    /** Stops reading; returns when the thread has ended, or after 5 seconds. */
    @Override
    public void close() {
        thread.close();
    }
}
