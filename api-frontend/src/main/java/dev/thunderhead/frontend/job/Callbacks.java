package dev.thunderhead.frontend.job;

import dev.thunderhead.job.JobRecord;
import java.io.IOException;

/** Calls the owners of jobs back. Thread-safe. */
@FunctionalInterface
public interface Callbacks {
    /**
     * Plans a call to everyone who wants to hear of the job's end. When it returns, every call stands in the journal and
     * will be made, whatever crashes; planned again, the same calls result, with the same ids and payloads. Blocks.
     *
     * @param again whether somebody may have planned them before, and some may even have been made
     * @throws IOException when some call may not have been planned; plan all of them again
     */
    void plan(JobRecord.Finished job, boolean again) throws IOException;
}
