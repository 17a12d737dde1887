package dev.thunderhead.frontend.batch;

import dev.thunderhead.frontend.answer.PictureData;
import dev.thunderhead.frontend.file.Files;
import dev.thunderhead.frontend.job.JobCanceller;
import dev.thunderhead.frontend.job.JobNews;
import dev.thunderhead.frontend.job.KnownJobs;
import dev.thunderhead.frontend.job.Publisher;
import dev.thunderhead.frontend.request.GenerationRequestParser;
import dev.thunderhead.health.Readiness;
import dev.thunderhead.storage.ObjectKeys;
import dev.thunderhead.storage.Outcomes;
import dev.thunderhead.storage.RecordStore;
import java.time.Clock;
import java.time.Duration;
import java.util.function.IntSupplier;
import java.util.random.RandomGenerator;

/**
 * All that there is to batches, put together.
 *
 * @param feeder feeds them where this frontend is the one to do so
 */
public record Batching(Batches batches, Results results, BatchIntake intake, Feeder feeder) {
    /** The endpoint that batches may name. */
    public static final String ENDPOINT = InputLines.ENDPOINT;

    /**
     * How lines become jobs.
     *
     * @param runningTasks how many tasks of the bulk lane a worker has begun
     */
    public record Jobs(
            KnownJobs known,
            JobNews news,
            Outcomes outcomes,
            JobCanceller canceller,
            Publisher publisher,
            IntSupplier runningTasks) {}

    /**
     * What batches stand on.
     *
     * @param retention how long files are kept of which nothing else was said
     * @param unreadable is run when nobody can be told of a batch's end since something in the store cannot be read
     * @param random thread-safe and not to be guessed
     */
    public record Means(
            RecordStore store,
            Files files,
            ObjectKeys keys,
            Duration retention,
            Runnable unreadable,
            Readiness readiness,
            Clock clock,
            RandomGenerator random) {}

    /** Puts it together; {@link Feeder#start} is left to do. */
    public static Batching of(
            GenerationRequestParser parser,
            PictureData pictures,
            Jobs jobs,
            FeederLease lease,
            BatchNotices notices,
            BatchCallbacks callbacks,
            Means means) {
        LineJudge judge = new LineJudge(parser);
        PatientReads reads = PatientReads.standard();
        OutputLines lines = new OutputLines(pictures, reads);
        Batches batches = new Batches(means.store());
        Results results = new Results(batches, means.store(), lines);
        LineJobs lineJobs = new LineJobs(
                jobs.known(),
                jobs.news(),
                jobs.outcomes(),
                jobs.canceller(),
                jobs.publisher(),
                means.keys(),
                means.random());
        BatchInput input = new BatchInput(means.store(), means.files(), judge, lineJobs);
        OutputFile output = new OutputFile(results, lines, reads);
        BatchEnding ending = new BatchEnding(
                batches, means.files(), output, callbacks, means.unreadable(), means.clock(), means.random());
        BatchOpening opening =
                new BatchOpening(batches, means.store(), input, new Validator(judge), lineJobs, means.clock());
        Feeder feeder = new Feeder(
                new Feeder.Parts(batches, opening, input, new BatchProgress(batches), ending, lineJobs),
                lease,
                jobs.runningTasks(),
                means.clock(),
                means.readiness());
        BatchIntake intake =
                new BatchIntake(batches, means.files(), input, results, notices, means.retention(), means.clock());
        return new Batching(batches, results, intake, feeder);
    }
}
