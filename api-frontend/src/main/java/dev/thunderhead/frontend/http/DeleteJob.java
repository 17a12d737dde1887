package dev.thunderhead.frontend.http;

import dev.thunderhead.frontend.job.JobEnding;
import dev.thunderhead.job.JobId;
import java.io.IOException;

/**
 * {@code DELETE /v1/jobs/{id}}: calls the job off if it has not ended, and deletes its record and pictures; their addresses
 * lead nowhere from then on.
 */
final class DeleteJob implements JsonAnswer.Action {
    private final JobEnding ending;

    private record Deleted(String id, String object, boolean deleted) {}

    DeleteJob(JobEnding ending) {
        this.ending = ending;
    }

    @Override
    public Object answer(Question question) throws IOException {
        JobId id = JobWaits.id(question);
        if (!ending.delete(question.account(), id, question.traceparent())) {
            throw JobWaits.absent(id.value());
        }
        return new Deleted(id.value(), JobResources.Resource.OBJECT, true);
    }
}
