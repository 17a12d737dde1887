package dev.thunderhead.job;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What stands at a job's one key once it has ended: the whole truth about it, or that its owner had it deleted. Written
 * once; only a deletion replaces it.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "record")
@JsonSubTypes({
    @JsonSubTypes.Type(value = JobRecord.Finished.class, name = "finished"),
    @JsonSubTypes.Type(value = JobRecord.Deleted.class, name = "deleted")
})
public sealed interface JobRecord {
    JobId id();

    /**
     * The job has ended.
     *
     * @param startedAt when its first task was begun, if one was
     * @param completedAt when its last task ended
     * @param outcomes of all its tasks, by index
     */
    record Finished(
            JobId id,
            Account account,
            JobDescription job,
            JobStatus status,
            @JsonProperty("started_at") Optional<Instant> startedAt,
            @JsonProperty("completed_at") Instant completedAt,
            List<Outcome> outcomes)
            implements JobRecord {
        public Finished {
            outcomes = List.copyOf(outcomes);
            if (outcomes.size() != job.count() || !status.isFinal()) {
                throw new IllegalArgumentException("a finished job has an outcome for each task");
            }
        }

        /** The record of a job whose tasks have ended like this. */
        public static Finished of(JobId id, Account account, JobDescription job, List<Outcome> outcomes) {
            Instant completedAt = outcomes.stream()
                    .map(Outcome::finishedAt)
                    .max(Instant::compareTo)
                    .orElse(job.createdAt());
            Optional<Instant> startedAt = outcomes.stream()
                    .filter(Outcome.Picture.class::isInstance)
                    .map(picture -> ((Outcome.Picture) picture).startedAt(job.createdAt()))
                    .min(Instant::compareTo);
            return new Finished(id, account, job, JobStatus.of(outcomes), startedAt, completedAt, outcomes);
        }
    }

    /** Its owner had it deleted, with its pictures. It stands so that no late report brings the job back. */
    record Deleted(JobId id, @JsonProperty("deleted_at") Instant deletedAt) implements JobRecord {}
}
