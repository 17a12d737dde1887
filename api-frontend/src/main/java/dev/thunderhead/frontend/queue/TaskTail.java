package dev.thunderhead.frontend.queue;

import dev.thunderhead.frontend.job.JobState;
import dev.thunderhead.frontend.job.KnownJobs;
import dev.thunderhead.frontend.job.KnownJobs.Place;
import dev.thunderhead.frontend.job.News;
import dev.thunderhead.health.Readiness;
import dev.thunderhead.job.Account;
import dev.thunderhead.job.JobId;
import dev.thunderhead.job.Lane;
import dev.thunderhead.kafka.KafkaConnection;
import dev.thunderhead.wire.Topic;
import java.time.Duration;
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
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads every task, event and progress, outside any group, and has them folded into {@link OpenTasks}; what happens to
 * tasks is passed on to those who listen.
 *
 * <p>At the start it reads the tasks from where the workers' share group stands, then the events since the oldest of
 * those tasks, and at least those that the finisher has not recorded yet, each up to what stands there at that moment;
 * then it is caught up. Progress is heard from then on. One thread of its own does all of it. When that thread dies,
 * health fails, since nobody would hear an answer any more.
 */
public final class TaskTail implements KnownJobs, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TaskTail.class);
    private static final String PART = "tail";
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration CLOSE = Duration.ofSeconds(1);
    /** By how much the clocks of those who write to Kafka may differ. */
    private static final Duration CLOCK_SKEW = Duration.ofMinutes(1);

    private final OpenTasks openTasks;
    private final JournalFold fold;
    private final Readiness readiness;
    private final Admin admin;
    private final JournalOffsets offsets;
    private final CatchUp catchUp;
    private final KafkaConsumer<String, byte[]> consumer;
    private final ConsumerThread thread;
    /** Tasks and events; empty until they are being read. */
    private volatile List<TopicPartition> journal = List.of();

    /**
     * @param listener hears all that happens to tasks, more than once when it was published more than once
     * @param unreadable is run for each record that cannot be read
     */
    public TaskTail(
            KafkaConnection kafka,
            OpenTasks openTasks,
            Consumer<News> listener,
            Runnable unreadable,
            Readiness readiness) {
        this.openTasks = openTasks;
        this.fold = new JournalFold(openTasks, listener, unreadable);
        this.readiness = readiness;
        this.admin = kafka.admin();
        this.offsets = new JournalOffsets(admin);
        this.catchUp = new CatchUp(() -> offsets.ends(journal));
        this.consumer = kafka.consumer(Map.of("client.id", "frontend-tail"));
        this.thread = new ConsumerThread(PART, consumer, readiness, this::catchUp, this::poll);
        readiness.waitFor(PART, "reading the open tasks");
    }

    public void start() {
        thread.start();
    }

    private void catchUp() throws ExecutionException, InterruptedException {
        long begun = System.nanoTime();
        // First of all: whatever the finisher has recorded by now is about tasks that are read below.
        Map<TopicPartition, Long> recorded = offsets.recorded();
        readTasks();
        readEvents(recorded);
        openTasks.caughtUp();
        readiness.ready(PART);
        LOG.info("event=tail_caught_up millis={} parsed={}", (System.nanoTime() - begun) / 1_000_000, parsed());
    }

    private void readTasks() throws ExecutionException, InterruptedException {
        List<TopicPartition> tasks = Arrays.stream(Lane.values())
                .flatMap(lane -> partitions(Topic.of(lane)))
                .toList();
        Map<TopicPartition, Long> claimed = offsets.claimed();
        consumer.assign(tasks);
        consumer.seekToBeginning(tasks);
        // A partition of which the group has not stored anything yet is open from its beginning.
        claimed.keySet().retainAll(tasks);
        claimed.forEach(consumer::seek);
        readTo(consumer.endOffsets(tasks));
    }

    private void readEvents(Map<TopicPartition, Long> recorded) {
        List<TopicPartition> events = partitions(Topic.EVENTS).toList();
        List<TopicPartition> progress = partitions(Topic.PROGRESS).toList();
        List<TopicPartition> whole =
                Stream.concat(consumer.assignment().stream(), events.stream()).toList();
        consumer.assign(Stream.concat(whole.stream(), progress.stream()).toList());
        consumer.seekToEnd(progress);
        eventsToRead(events, recorded).forEach(consumer::seek);
        fold.passOver(recorded);
        journal = whole;
        readTo(consumer.endOffsets(events));
    }

    private Stream<TopicPartition> partitions(Topic topic) {
        return consumer.partitionsFor(topic.topicName()).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()));
    }

    private Map<TopicPartition, Long> eventsToRead(
            Collection<TopicPartition> events, Map<TopicPartition, Long> recorded) {
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
        from.replaceAll((partition, offset) -> Math.min(offset, recorded.getOrDefault(partition, offset)));
        return from;
    }

    private void readTo(Map<TopicPartition, Long> ends) {
        ends.keySet().forEach(partition -> catchUp.reached(Map.of(partition, consumer.position(partition))));
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            poll();
        }
    }

    private void poll() {
        ConsumerRecords<String, byte[]> records = consumer.poll(POLL);
        for (ConsumerRecord<String, byte[]> record : records) {
            fold.fold(record);
        }
        Map<TopicPartition, Long> reached = new HashMap<>();
        records.nextOffsets().forEach((partition, next) -> reached.put(partition, next.offset()));
        catchUp.reached(reached);
    }

    @Override
    public Optional<JobState> find(JobId job) {
        return openTasks.find(job);
    }

    @Override
    public List<JobState> of(Account account, Optional<JobId> after, int limit) {
        return openTasks.of(account, after, limit);
    }

    @Override
    public Optional<Place> place(JobId job) {
        return openTasks.place(job);
    }

    @Override
    public Place placeAtEnd(Lane lane, int tasks) {
        return openTasks.placeAtEnd(lane, tasks);
    }

    @Override
    public CompletableFuture<Void> caughtUp() {
        return journal.isEmpty()
                ? CompletableFuture.failedFuture(new IllegalStateException("the open tasks are still being read"))
                : catchUp.caughtUp();
    }

    /** How many records' values were looked into so far; the rest was passed over. */
    public long parsed() {
        return fold.parsed();
    }

    /** Stops reading; returns when the thread has ended, or after 6 seconds. */
    @Override
    public void close() {
        thread.close();
        admin.close(CLOSE);
    }
}
