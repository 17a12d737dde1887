package dev.thunderhead.frontend.job;

import dev.thunderhead.job.RenderEvent;
import java.time.Instant;

/**
 * A task's end as it was heard.
 *
 * @param publishedAt the event's time in Kafka
 */
public record Ending(RenderEvent event, Instant publishedAt) {}
