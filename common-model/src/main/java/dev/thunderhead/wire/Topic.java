package dev.thunderhead.wire;

import dev.thunderhead.job.Lane;
import java.time.Duration;
import java.util.Optional;

/** Every topic, with its name and how long its records are kept. */
public enum Topic {
    TASKS_INTERACTIVE("tasks.interactive", retentionFor(Lane.INTERACTIVE)),
    TASKS_STANDARD("tasks.standard", retentionFor(Lane.STANDARD)),
    TASKS_BULK("tasks.bulk", retentionFor(Lane.BULK)),
    /** Terminal {@link dev.thunderhead.job.RenderEvent}s, co-partitioned with the tasks. */
    EVENTS("events", retentionFor(Lane.BULK)),
    /** {@link dev.thunderhead.job.Cancellation}s. */
    CONTROL("control", retentionFor(Lane.BULK)),
    /** {@link dev.thunderhead.job.RenderProgress}; heard by whoever listens at that moment, and never read again. */
    PROGRESS("progress", Duration.ofMinutes(10)),
    /** Pending callbacks, keyed by delivery; compacted, and a record without a value says that one is done. */
    WEBHOOKS("webhooks", Optional.empty()),
    /** Ids of batches that somebody should look at; in one partition, whose owner feeds all batches. */
    BATCHES("batches", Duration.ofDays(30)),
    /** Task records that no worker could or should render, for operators. */
    DEAD_LETTERS("dlq.tasks", Duration.ofDays(14));

    /** The share group in which all workers claim tasks. */
    public static final String RENDER_GROUP = "render";

    private final String name;
    private final Optional<Duration> retention;

    Topic(String name, Duration retention) {
        this(name, Optional.of(retention));
    }

    Topic(String name, Optional<Duration> retention) {
        this.name = name;
        this.retention = retention;
    }

    public static Topic of(Lane lane) {
        return switch (lane) {
            case INTERACTIVE -> TASKS_INTERACTIVE;
            case STANDARD -> TASKS_STANDARD;
            case BULK -> TASKS_BULK;
        };
    }

    /** The topic's name in Kafka. */
    public String topicName() {
        return name;
    }

    /** Whether it has one partition; all others have the same number. */
    public boolean isUndivided() {
        return this == BATCHES;
    }

    /** How long Kafka keeps a record at least; empty where it keeps the last one of each key for good. */
    public Optional<Duration> retention() {
        return retention;
    }

    // Kafka deletes whole segments, and a frontend that comes back after a night must still find every open task:
    // a day more than the longest deadline.
    private static Duration retentionFor(Lane lane) {
        return lane.deadline().plus(Duration.ofDays(1));
    }
}
