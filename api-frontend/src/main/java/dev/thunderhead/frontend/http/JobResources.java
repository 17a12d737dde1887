package dev.thunderhead.frontend.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.thunderhead.frontend.answer.ImagesResponse;
import dev.thunderhead.frontend.answer.JobAnswers;
import dev.thunderhead.frontend.answer.PictureData;
import dev.thunderhead.frontend.job.FoundJob;
import dev.thunderhead.frontend.job.KnownJobs;
import dev.thunderhead.job.JobDescription;
import dev.thunderhead.job.JobStatus;
import dev.thunderhead.job.Outcome;
import dev.thunderhead.model.ImageSize;
import dev.thunderhead.wire.Json;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Shows jobs to their owners. Thread-safe. */
final class JobResources {
    private static final int WHOLE = 100;

    private final KnownJobs known;
    private final PictureData pictures;
    private final Duration retention;
    private final BlockingWork blocking;

    /** @param retention how long a job and its pictures are kept once it has ended */
    JobResources(KnownJobs known, PictureData pictures, Duration retention, BlockingWork blocking) {
        this.known = known;
        this.pictures = pictures;
        this.retention = retention;
        this.blocking = blocking;
    }

    /**
     * A job in JSON, in the form of OpenAI's video object. Times are unix seconds.
     *
     * @param progress percent
     * @param queuePosition how many pictures are ahead of it in its queue, while it is queued
     * @param data its finished pictures
     * @param n how many it asked for
     */
    record Resource(
            String id,
            String object,
            JobStatus status,
            int progress,
            @JsonProperty("queue_position") @Nullable Integer queuePosition,
            @JsonProperty("eta_seconds") @Nullable Eta etaSeconds,
            @JsonProperty("created_at") long createdAt,
            @JsonProperty("started_at") @Nullable Long startedAt,
            @JsonProperty("completed_at") @Nullable Long completedAt,
            @JsonProperty("expires_at") @Nullable Long expiresAt,
            String model,
            ImageSize size,
            int n,
            List<ImagesResponse.Datum> data,
            @Nullable Failure error,
            Map<String, String> metadata) {
        static final String OBJECT = "image.job";

        /** Seconds until it has ended: in half of all cases, and in nine of ten. */
        record Eta(double p50, double p90) {
            static Eta of(KnownJobs.Eta eta) {
                return new Eta(seconds(eta.median()), seconds(eta.ninetieth()));
            }

            private static double seconds(Duration time) {
                return Math.ceil(time.toMillis() / 100.0) / 10;
            }
        }

        /** Why it failed. */
        record Failure(String code, String message) {}
    }

    /** The job's JSON; waits for the store only where the job's owner wants the pictures themselves. */
    Future<Buffer> show(RoutingContext context, FoundJob job) {
        return job instanceof FoundJob.Ended && job.job().inline()
                ? blocking.call(context.vertx().getOrCreateContext(), () -> Buffer.buffer(Json.bytes(full(job))))
                : Future.succeededFuture(Buffer.buffer(Json.bytes(withAddresses(job))));
    }

    /** The job with its pictures as its owner wanted them; blocks where those are the pictures themselves. */
    Resource full(FoundJob job) throws IOException {
        return resource(job, JobAnswers.pictures(job, pictures::of));
    }

    /** The job with its pictures' addresses, whatever its owner wanted. */
    Resource withAddresses(FoundJob job) {
        return resource(
                job,
                job.pictures().stream()
                        .map(picture -> pictures.address(job.account(), picture.getKey(), picture.getValue()))
                        .toList());
    }

    private Resource resource(FoundJob job, List<ImagesResponse.Datum> data) {
        JobDescription about = job.job();
        Optional<KnownJobs.Place> place = job instanceof FoundJob.Open open ? place(open) : Optional.empty();
        Optional<Instant> completedAt =
                job instanceof FoundJob.Ended ended ? Optional.of(ended.record().completedAt()) : Optional.empty();
        return new Resource(
                job.id().value(),
                Resource.OBJECT,
                job.status(),
                job instanceof FoundJob.Open begun ? begun.state().progress() : WHOLE,
                place.map(KnownJobs.Place::ahead).orElse(null),
                place.flatMap(KnownJobs.Place::eta).map(Resource.Eta::of).orElse(null),
                about.createdAt().getEpochSecond(),
                startedAt(job).map(Instant::getEpochSecond).orElse(null),
                completedAt.map(Instant::getEpochSecond).orElse(null),
                completedAt.map(time -> time.plus(retention).getEpochSecond()).orElse(null),
                about.model(),
                about.size(),
                about.count(),
                data,
                failure(job),
                about.metadata());
    }

    // One that was queued a moment ago may not be known yet: then it stands at the end.
    private Optional<KnownJobs.Place> place(FoundJob.Open job) {
        return known.find(job.id()).isPresent()
                ? known.place(job.id())
                : Optional.of(known.placeAtEnd(job.job().lane(), job.job().count()));
    }

    private static Optional<Instant> startedAt(FoundJob job) {
        return job instanceof FoundJob.Ended ended
                ? ended.record().startedAt()
                : ((FoundJob.Open) job).state().startedAt();
    }

    private static Resource.@Nullable Failure failure(FoundJob job) {
        return job.outcomes().stream()
                .flatMap(Optional::stream)
                .filter(Outcome.Failed.class::isInstance)
                .map(Outcome.Failed.class::cast)
                .map(failed -> new Resource.Failure(failed.code().name().toLowerCase(Locale.ROOT), failed.message()))
                .findFirst()
                .orElse(null);
    }
}
