package dev.thunderhead.frontend.batch;

import dev.thunderhead.frontend.job.AwaitedJob;
import dev.thunderhead.frontend.job.FoundJob;
import dev.thunderhead.frontend.job.Job;
import dev.thunderhead.frontend.job.JobCanceller;
import dev.thunderhead.frontend.job.JobLookup;
import dev.thunderhead.frontend.job.JobNews;
import dev.thunderhead.frontend.job.KnownJobs;
import dev.thunderhead.frontend.job.Publisher;
import dev.thunderhead.frontend.job.TraceContext;
import dev.thunderhead.frontend.request.GenerationRequest;
import dev.thunderhead.job.JobRecord;
import dev.thunderhead.job.Lane;
import dev.thunderhead.storage.ObjectKeys;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;

/** Makes jobs of lines, the same ones every time, and hears of their ends. Thread-safe. */
final class LineJobs {
    private final KnownJobs known;
    private final JobNews news;
    private final JobLookup lookup;
    private final JobCanceller canceller;
    private final Publisher publisher;
    private final ObjectKeys keys;
    private final RandomGenerator random;

    LineJobs(
            KnownJobs known,
            JobNews news,
            JobLookup lookup,
            JobCanceller canceller,
            Publisher publisher,
            ObjectKeys keys,
            RandomGenerator random) {
        this.known = known;
        this.news = news;
        this.lookup = lookup;
        this.canceller = canceller;
        this.publisher = publisher;
        this.keys = keys;
        this.random = random;
    }

    /**
     * Makes a job of a line, and listens for its end; nothing is queued yet.
     *
     * @param deadline when its batch's time is over
     * @param now in nanoseconds
     */
    OpenLine open(Batches.Name batch, Instant deadline, LoadedLine line, GenerationRequest request, long now) {
        Job job = new Job(
                batch.id().job(line.number()),
                batch.account(),
                Lane.BULK,
                request,
                request.seed().orElse(batch.id().seed(line.number())),
                batch.id().createdAt(),
                deadline,
                TraceContext.continueOrStart(null, random));
        return new OpenLine(line.number(), line.customId(), job, new AwaitedJob(known, news, job.id()), now);
    }

    /**
     * Queues the line's job. Blocks while the journal cannot be reached.
     *
     * @return completes when all of it is in the journal; when it fails, queue it again
     */
    CompletableFuture<Void> queue(OpenLine line) {
        return CompletableFuture.allOf(
                line.job().tasks(keys).stream().map(publisher::publish).toArray(CompletableFuture[]::new));
    }

    /** Calls the line's job off. Blocks. */
    JobRecord.Finished cancel(OpenLine line, LineResult.Reason reason) throws IOException {
        Job job = line.job();
        JobCanceller.CalledOff calledOff =
                canceller.cancel(job.id(), job.account(), job.description(), reason.message(), job.trace());
        // Others hear of it sooner or later; nothing here waits for that.
        CompletableFuture<Void> unused = canceller.tell(calledOff);
        return calledOff.record();
    }

    /** How the line's job has ended, if it has and nobody told. Blocks. */
    Optional<JobRecord.Finished> ended(OpenLine line) throws IOException {
        return lookup.find(line.job().account(), line.job().id())
                .filter(FoundJob.Ended.class::isInstance)
                .map(job -> ((FoundJob.Ended) job).record());
    }
}
