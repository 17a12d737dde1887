package dev.thunderhead.frontend.queue;

import dev.thunderhead.frontend.job.News;
import dev.thunderhead.job.JobId;
import dev.thunderhead.job.Lane;
import dev.thunderhead.job.RenderEvent;
import dev.thunderhead.job.RenderProgress;
import dev.thunderhead.kafka.TaskRecords;
import dev.thunderhead.wire.Json;
import dev.thunderhead.wire.MalformedRecordException;
import dev.thunderhead.wire.TaskEnvelope;
import dev.thunderhead.wire.Topic;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Folds the journal's records into {@link OpenTasks}, then tells the listener: whoever looks when it is told sees that
 * much at least. Belongs to the thread that reads; {@link #parsed} may be asked by any.
 */
final class JournalFold {
    private static final Logger LOG = LoggerFactory.getLogger(JournalFold.class);

    private static final Map<String, Lane> LANES = Arrays.stream(Lane.values())
            .collect(Collectors.toMap(lane -> Topic.of(lane).topicName(), lane -> lane));

    private final OpenTasks openTasks;
    private final Consumer<News> listener;
    private final Runnable unreadable;
    private Map<TopicPartition, Long> recorded = Map.of();
    private final LongAdder parsed = new LongAdder();

    JournalFold(OpenTasks openTasks, Consumer<News> listener, Runnable unreadable) {
        this.openTasks = openTasks;
        this.listener = listener;
        this.unreadable = unreadable;
    }

    /**
     * Says up to which event of each partition the store has a record of every job that is not open here. Such events are
     * passed over: their key tells enough.
     */
    void passOver(Map<TopicPartition, Long> eventsBefore) {
        recorded = Map.copyOf(eventsBefore);
    }

    void fold(ConsumerRecord<String, byte[]> record) {
        Lane lane = LANES.get(record.topic());
        if (lane == null && isRecorded(record)) {
            return;
        }
        parsed.increment();
        try {
            if (lane != null) {
                task(lane, record);
            } else if (record.topic().equals(Topic.EVENTS.topicName())) {
                event(record);
            } else {
                progress(record);
            }
        } catch (MalformedRecordException problem) {
            unreadable.run();
            LOG.warn(
                    "event=record_unreadable topic={} partition={} offset={} problem={}",
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    problem.getMessage());
        }
    }

    private boolean isRecorded(ConsumerRecord<String, byte[]> record) {
        Long before = recorded.get(new TopicPartition(record.topic(), record.partition()));
        return before != null
                && record.offset() < before
                && record.key() != null
                && JobId.parse(record.key()).filter(openTasks::isOpen).isEmpty();
    }

    private void task(Lane lane, ConsumerRecord<String, byte[]> record) {
        TaskEnvelope.Content content = TaskRecords.open(record);
        Instant queuedAt = Instant.ofEpochMilli(record.timestamp());
        if (content instanceof TaskEnvelope.Content.Task task) {
            openTasks.queued(new OpenTask(lane, record.partition(), queuedAt, TaskEnvelope.of(task.task())));
        } else if (content instanceof TaskEnvelope.Content.Unreadable broken) {
            // It cannot be rendered, but where its headers can be read it is somebody's open task, and has to end.
            unreadable.run();
            broken.envelope()
                    .ifPresent(
                            envelope -> openTasks.queued(new OpenTask(lane, record.partition(), queuedAt, envelope)));
        }
    }

    private void event(ConsumerRecord<String, byte[]> record) {
        RenderEvent event = read(record, RenderEvent.class);
        Instant publishedAt = Instant.ofEpochMilli(record.timestamp());
        openTasks.ended(event, publishedAt);
        listener.accept(new News.Ended(event, publishedAt));
    }

    private void progress(ConsumerRecord<String, byte[]> record) {
        RenderProgress progress = read(record, RenderProgress.class);
        openTasks.progressed(progress);
        listener.accept(new News.Progressed(progress));
    }

    private static <T> T read(ConsumerRecord<String, byte[]> record, Class<T> type) {
        return Json.read(record.value() == null ? new byte[0] : record.value(), type);
    }

    /** How many records' values were looked into. */
    long parsed() {
        return parsed.sum();
    }
}
