package dev.thunderhead.frontend.batch;

import dev.thunderhead.frontend.batch.Batch.Segment;
import dev.thunderhead.frontend.batch.RunningBatch.Checkpoint;
import dev.thunderhead.frontend.lifecycle.CrashPoint;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Writes down how far running batches are. Blocks. Thread-safe; of one batch, one thread at a time writes. */
final class BatchProgress {
    private final Batches batches;

    BatchProgress(Batches batches) {
        this.batches = batches;
    }

    /**
     * Writes results, and then the record that counts them.
     *
     * @return the batch as it stands then; empty when another feeder has it
     */
    Optional<Batch> write(Batches.Name name, String feeder, ResultLog log, Checkpoint checkpoint) throws IOException {
        // First of all: they are handed over once, and a write that fails is tried again without them.
        log.add(checkpoint.fresh());
        List<Segment> segments = log.flush();
        if (!checkpoint.fresh().isEmpty()) {
            CrashPoint.RESULTS_WRITTEN.reached();
        }
        Optional<Batch> written =
                batches.updateAs(feeder, name, batch -> batch.with(checkpoint.applied(batch.feed(), segments)));
        if (written.isPresent()) {
            log.clear();
        }
        return written;
    }
}
