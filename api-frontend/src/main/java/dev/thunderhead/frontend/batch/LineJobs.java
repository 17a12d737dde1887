package dev.thunderhead.frontend.batch;

import dev.thunderhead.frontend.answer.ImagesResponse;
import dev.thunderhead.frontend.job.AwaitedJob;
import dev.thunderhead.frontend.job.Job;
import dev.thunderhead.frontend.job.JobCanceller;
import dev.thunderhead.frontend.job.JobNews;
import dev.thunderhead.frontend.job.JobState;
import dev.thunderhead.frontend.job.KnownJobs;
import dev.thunderhead.frontend.job.Publisher;
import dev.thunderhead.frontend.job.TraceContext;
import dev.thunderhead.frontend.request.GenerationRequest;
import dev.thunderhead.job.FailureCode;
import dev.thunderhead.job.JobRecord;
import dev.thunderhead.job.Lane;
import dev.thunderhead.job.Outcome;
import dev.thunderhead.job.TaskId;
import dev.thunderhead.storage.ObjectKeys;
import dev.thunderhead.storage.Outcomes;
import dev.thunderhead.wire.MalformedRecordException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes jobs of lines, the same ones every time, and hears of their ends. Thread-safe. */
final class LineJobs {
    private static final Logger LOG = LoggerFactory.getLogger(LineJobs.class);
    private static final Duration CATCH_UP = Duration.ofSeconds(5);
    private static final String LINES_LOST = "This request was called off, since its batch lost its lines.";
    private static final String IN_PART =
            "This request was called off, since a part of it was never queued: send it again.";
    private static final String UNREADABLE = "what the picture came to cannot be read; send the request again";

    private final KnownJobs known;
    private final JobNews news;
    private final Outcomes outcomes;
    private final JobCanceller canceller;
    private final Publisher publisher;
    private final ObjectKeys keys;
    private final RandomGenerator random;

    LineJobs(
            KnownJobs known,
            JobNews news,
            Outcomes outcomes,
            JobCanceller canceller,
            Publisher publisher,
            ObjectKeys keys,
            RandomGenerator random) {
        this.known = known;
        this.news = news;
        this.outcomes = outcomes;
        this.canceller = canceller;
        this.publisher = publisher;
        this.keys = keys;
        this.random = random;
    }

    /**
     * The job that a line is.
     *
     * @param deadline when its batch's time is over
     */
    LineJob job(Batches.Name batch, int line, GenerationRequest request, Instant deadline) {
        TraceContext trace = TraceContext.continueOrStart(null, random);
        Job job = new Job(
                batch.id().job(line),
                batch.account(),
                Lane.BULK,
                request,
                request.seed().orElse(batch.id().seed(line)),
                batch.id().createdAt(),
                deadline,
                trace);
        long textTokens = ImagesResponse.Usage.textTokens(request.prompt());
        return new LineJob(job.id(), job.account(), job.description(), textTokens, trace, job.tasks(keys));
    }

    /** The job that a line is, as the journal tells of it; nothing can be queued of it. */
    private LineJob job(JobState state) {
        TraceContext trace = TraceContext.continueOrStart(null, random);
        return new LineJob(state.id(), state.account(), state.job(), 0, trace, List.of());
    }

    /** Listens for the end of the line's job, from now on. */
    OpenLine listen(LoadedLine line, LineJob job) {
        AwaitedJob awaited = new AwaitedJob(known, news, job.id());
        return new OpenLine(line.number(), line.customId(), job, awaited, System.nanoTime());
    }

    /**
     * How far a job is that may have been queued before. Blocks.
     *
     * @throws IOException when the store or the journal cannot be asked
     */
    LoadedLine.Content found(LineJob job) throws IOException {
        Optional<JobRecord.Finished> end = ended(job);
        if (end.isPresent()) {
            return new LoadedLine.Content.Ended(job, end.get());
        }
        return known.find(job.id()).isPresent()
                ? new LoadedLine.Content.Queued(job)
                : new LoadedLine.Content.Fresh(job);
    }

    /**
     * How far the job of a line is that is no request here, but was one for whoever queued it. Where only a part of it was
     * queued it is called off, since nobody here can queue the rest. Blocks.
     *
     * @return empty when nothing of it was queued lately
     * @throws IOException when the store cannot be asked
     */
    Optional<LoadedLine.Content> foundAsQueued(Batches.Name batch, int line) throws IOException {
        Optional<JobState> stands = known.find(batch.id().job(line));
        if (stands.isEmpty()) {
            return Optional.empty();
        }
        LineJob job = job(stands.get());
        Optional<JobRecord.Finished> end = ended(job);
        if (end.isEmpty() && lacksTask(job, stands.get())) {
            LOG.warn("event=line_queued_in_part job={}", job.id());
            end = Optional.of(cancel(job, IN_PART));
        }
        return Optional.of(
                end.isPresent() ? new LoadedLine.Content.Ended(job, end.get()) : new LoadedLine.Content.Queued(job));
    }

    /** Whether some task of it was not queued, as far as the journal tells, and has not ended either. */
    private boolean lacksTask(LineJob job, JobState state) throws IOException {
        for (int index = 0; index < job.count(); index++) {
            TaskId task = new TaskId(job.id(), index);
            if (isMissing(task, state) && outcome(job, task).isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** Waits until all is known that an earlier feeder may have queued. */
    void catchUp() throws IOException {
        try {
            known.caughtUp().get(CATCH_UP.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException problem) {
            throw new IOException("the journal cannot be asked", problem);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while asking the journal", interrupt);
        }
    }

    /**
     * Queues the job, as far as the journal does not hold it. Blocks while the journal cannot be reached.
     *
     * @return completes when all of it is in the journal; when it fails, queue it again
     */
    CompletableFuture<Void> queue(LineJob job) {
        Optional<JobState> stands = known.find(job.id());
        return CompletableFuture.allOf(job.tasks().stream()
                .filter(task -> stands.isEmpty() || isMissing(task.id(), stands.get()))
                .map(publisher::publish)
                .toArray(CompletableFuture[]::new));
    }

    private static boolean isMissing(TaskId task, JobState state) {
        return state.tasks().get(task.index()) instanceof JobState.TaskState.Unknown;
    }

    /**
     * Calls the job off. Blocks.
     *
     * @param why for its owner
     */
    JobRecord.Finished cancel(LineJob job, String why) throws IOException {
        try {
            JobCanceller.CalledOff calledOff =
                    canceller.cancel(job.id(), job.account(), job.description(), why, job.trace());
            // Others hear of it sooner or later; nothing here waits for that.
            CompletableFuture<Void> unused = canceller.tell(calledOff);
            return calledOff.record();
        } catch (IOException problem) {
            // Where one of its outcomes cannot be read, it ends when the others stand.
            return ended(job).orElseThrow(() -> problem);
        }
    }

    /** Calls off what the journal tells of a batch's lines that have not ended; nobody knows more of them. Blocks. */
    void callOff(Batches.Name batch, Batch.Feed feed) throws IOException {
        catchUp();
        BitSet done = feed.done().toBits();
        for (int line = done.nextClearBit(1); line <= feed.reserved(); line = done.nextClearBit(line + 1)) {
            Optional<JobState> state = known.find(batch.id().job(line));
            if (state.isPresent()) {
                cancel(job(state.get()), LINES_LOST);
            }
        }
    }

    /** How the job has ended, if all its outcomes stand; whoever was told of them may have missed it. Blocks. */
    Optional<JobRecord.Finished> ended(LineJob job) throws IOException {
        List<Outcome> all = new ArrayList<>();
        for (int index = 0; index < job.count(); index++) {
            Optional<Outcome> outcome = outcome(job, new TaskId(job.id(), index));
            if (outcome.isEmpty()) {
                return Optional.empty();
            }
            all.add(outcome.get());
        }
        return Optional.of(JobRecord.Finished.of(job.id(), job.account(), job.description(), all));
    }

    private Optional<Outcome> outcome(LineJob job, TaskId task) throws IOException {
        try {
            return outcomes.find(keys.outcome(job.account(), task));
        } catch (IOException problem) {
            if (!MalformedRecordException.isCauseOf(problem)) {
                throw problem;
            }
            // No repetition makes it readable, and its batch waits for it.
            LOG.error("event=outcome_unreadable task={} problem=\"{}\"", task, problem.toString());
            return Optional.of(new Outcome.Failed(
                    FailureCode.RENDER_FAILED, UNREADABLE, job.description().createdAt()));
        }
    }
}
