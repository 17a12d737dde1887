package dev.thunderhead.frontend.job;

import dev.thunderhead.job.JobId;
import dev.thunderhead.job.RenderEvent;
import dev.thunderhead.job.RenderProgress;
import java.time.Instant;

/** Something that happened to a task of a job. */
public sealed interface News {
    JobId job();

    /**
     * A task has ended.
     *
     * @param publishedAt the event's time in Kafka
     */
    record Ended(RenderEvent event, Instant publishedAt) implements News {
        @Override
        public JobId job() {
            return event.id().job();
        }
    }

    /** A worker has begun a task or done a step of it. */
    record Progressed(RenderProgress progress) implements News {
        @Override
        public JobId job() {
            return progress.id().job();
        }
    }
}
