package dev.thunderhead.frontend.job;

import dev.thunderhead.job.Cancellation;
import dev.thunderhead.job.RenderEvent;
import dev.thunderhead.job.RenderTask;
import java.util.concurrent.CompletableFuture;

/**
 * Writes to the journal. Each call may block for a while when the journal cannot be reached. A future that fails says
 * only that no acknowledgement came: the record may stand nevertheless. Thread-safe.
 */
public interface Publisher {
    CompletableFuture<Void> publish(RenderTask task);

    CompletableFuture<Void> publish(RenderEvent event);

    CompletableFuture<Void> publish(Cancellation cancellation);
}
