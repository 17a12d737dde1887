package dev.thunderhead.frontend.batch;

import dev.thunderhead.frontend.job.FoundJob;
import java.util.Optional;

/**
 * A line that was read in order to be queued.
 *
 * @param number from 1
 * @param found its job, where an earlier feeder has queued it
 */
record LoadedLine(int number, String customId, LineJudge.Verdict verdict, Optional<FoundJob> found) {}
