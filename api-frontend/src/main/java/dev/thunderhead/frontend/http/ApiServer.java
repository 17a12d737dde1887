package dev.thunderhead.frontend.http;

import dev.thunderhead.frontend.account.Accounts;
import dev.thunderhead.frontend.account.RateLimiter;
import dev.thunderhead.frontend.answer.JobAnswers;
import dev.thunderhead.frontend.answer.PictureData;
import dev.thunderhead.frontend.batch.Batching;
import dev.thunderhead.frontend.catalog.ModelCatalog;
import dev.thunderhead.frontend.intake.IdempotencyKeys;
import dev.thunderhead.frontend.intake.JobIntake;
import dev.thunderhead.frontend.intake.OrphanedJobs;
import dev.thunderhead.frontend.job.JobCanceller;
import dev.thunderhead.frontend.job.JobEnding;
import dev.thunderhead.frontend.job.JobListing;
import dev.thunderhead.frontend.job.JobLookup;
import dev.thunderhead.frontend.job.JobNews;
import dev.thunderhead.frontend.job.KnownJobs;
import dev.thunderhead.frontend.metrics.FrontendMetrics;
import dev.thunderhead.frontend.request.GenerationRequestParser;
import dev.thunderhead.storage.ObjectKeys;
import dev.thunderhead.storage.Outcomes;
import dev.thunderhead.storage.S3ObjectStore;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.BindException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntConsumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The API on its port. Thread-safe. */
public final class ApiServer {
    private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);
    private static final Duration SOON = Duration.ofSeconds(30);

    private final ApiVerticle verticle;

    private ApiServer(ApiVerticle verticle) {
        this.verticle = verticle;
    }

    /** Who may ask, and how often. */
    public record Access(Accounts accounts, RateLimiter limiter) {}

    /**
     * How requests become jobs.
     *
     * @param hangUpGrace how long a client that hung up may take to come back
     */
    public record Intake(
            GenerationRequestParser parser,
            JobIntake jobs,
            IdempotencyKeys keys,
            OrphanedJobs orphans,
            Duration hangUpGrace) {}

    /**
     * How jobs are heard of, and ended.
     *
     * @param retention how long a job is kept once it has ended
     */
    public record Jobs(
            KnownJobs known,
            JobNews news,
            JobLookup lookup,
            JobListing listing,
            JobCanceller canceller,
            JobEnding ending,
            Duration retention) {}

    /**
     * Where pictures lie and how they are addressed.
     *
     * @param validity how long the address behind a redirect works
     */
    public record Pictures(
            S3ObjectStore store, Outcomes outcomes, ObjectKeys keys, PictureData data, Duration validity) {}

    /**
     * What the server runs on.
     *
     * @param blocking runs what waits for Kafka or the store
     * @param random thread-safe and not to be guessed
     */
    public record Means(Executor blocking, FrontendMetrics metrics, Clock clock, RandomGenerator random) {}

    /**
     * Starts listening.
     *
     * @param maxWait the longest that a request waits for its answer
     * @param listening is told the port before the first request is answered
     * @throws IOException when the port is taken; the message names it
     */
    public static ApiServer start(
            Vertx vertx,
            HttpSettings settings,
            Duration maxWait,
            ModelCatalog catalog,
            Access access,
            Intake intake,
            Jobs jobs,
            Pictures pictures,
            WebhookRoutes.Parts webhooks,
            Batching batching,
            FileRoutes.Parts files,
            Means means,
            IntConsumer listening)
            throws IOException, InterruptedException {
        BlockingWork blocking = new BlockingWork(means.blocking());
        JobRequests requests = new JobRequests(
                access.limiter(), intake.parser(), intake.jobs(), blocking, means.metrics(), means.random());
        PictureData data = pictures.data();
        JobWaits waits = new JobWaits(jobs.known(), jobs.news(), jobs.lookup(), blocking);
        JobResources resources = new JobResources(jobs.known(), data, jobs.retention(), blocking);
        AsynchronousAnswers answers = new AsynchronousAnswers(waits, resources);
        HangUps hangUps =
                new HangUps(intake.orphans(), jobs.lookup(), jobs.canceller(), blocking, intake.hangUpGrace());
        ApiRoutes.Endpoints endpoints = new ApiRoutes.Endpoints(
                new Envelope(access.limiter(), means.metrics(), means.random()),
                new Authentication(access.accounts()),
                new GenerateImages(
                        requests,
                        waits,
                        new JobAnswers(data, means.clock()),
                        answers,
                        hangUps,
                        new StreamImages(
                                jobs.known(),
                                jobs.news(),
                                data,
                                means.clock(),
                                blocking,
                                maxWait,
                                EventStream.Limits.USUAL),
                        jobs.known(),
                        maxWait,
                        blocking),
                new ApiRoutes.Jobs(
                        new CreateJob(requests, answers),
                        new RetrieveJob(waits, answers),
                        new WatchJob(waits, jobs.known(), jobs.news(), resources, EventStream.Limits.USUAL),
                        new JsonAnswer(new ListJobs(jobs.listing(), jobs.lookup(), resources), blocking),
                        new JsonAnswer(new CancelJob(jobs.ending(), resources), blocking),
                        new JsonAnswer(new DeleteJob(jobs.ending()), blocking)),
                new ListModels(catalog),
                new RetrieveModel(catalog),
                new DeliverMedia(pictures.keys(), pictures.outcomes(), pictures.store(), pictures.validity(), blocking),
                new WebhookRoutes(webhooks, intake.keys(), blocking, means.clock(), means.random()),
                new BatchRoutes(batching, intake.keys(), blocking, means.clock(), means.random()),
                new FileRoutes(files, intake.keys(), blocking, means.clock(), means.random()));
        ApiVerticle verticle = new ApiVerticle(settings, maxWait, endpoints, listening);
        deploy(vertx, verticle, settings);
        return new ApiServer(verticle);
    }

    private static void deploy(Vertx vertx, ApiVerticle verticle, HttpSettings settings)
            throws IOException, InterruptedException {
        try {
            vertx.deployVerticle(verticle)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(SOON.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException problem) {
            if (problem.getCause() instanceof BindException) {
                throw new IOException(
                        "port " + settings.port() + " is taken; set THUNDERHEAD_PORT to another", problem);
            }
            throw new IOException("the API cannot listen on " + settings.host() + ":" + settings.port(), problem);
        }
    }

    /** Takes no more requests and waits until those in flight are answered, or {@code patience} is over. */
    public void drain(Duration patience) {
        try {
            verticle.drain(patience)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(patience.plus(SOON).toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException problem) {
            LOG.warn("event=drain_incomplete problem={}", problem.getMessage());
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        }
    }
}
