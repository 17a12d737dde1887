package dev.thunderhead.frontend.http;

import dev.thunderhead.frontend.account.Accounts;
import dev.thunderhead.frontend.account.RateLimiter;
import dev.thunderhead.frontend.catalog.ModelCatalog;
import dev.thunderhead.frontend.job.JobFactory;
import dev.thunderhead.frontend.job.JobNews;
import dev.thunderhead.frontend.job.JobSubmitter;
import dev.thunderhead.frontend.job.KnownJobs;
import dev.thunderhead.frontend.media.PictureAddresses;
import dev.thunderhead.frontend.metrics.FrontendMetrics;
import dev.thunderhead.frontend.queue.Admission;
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

    /** Who may ask, and how much is taken on. */
    public record Access(Accounts accounts, RateLimiter limiter, Admission admission) {}

    /** How jobs are made, queued and heard of. */
    public record Work(ModelCatalog catalog, JobFactory jobs, JobSubmitter submitter, KnownJobs known, JobNews news) {}

    /**
     * Where pictures lie and how they are addressed.
     *
     * @param validity how long the address behind a redirect works
     */
    public record Pictures(
            S3ObjectStore store, Outcomes outcomes, ObjectKeys keys, PictureAddresses addresses, Duration validity) {}

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
            Access access,
            Work work,
            Pictures pictures,
            WebhookRoutes.Parts webhooks,
            Means means,
            IntConsumer listening)
            throws IOException, InterruptedException {
        BlockingWork blocking = new BlockingWork(means.blocking());
        ApiRoutes.Endpoints endpoints = new ApiRoutes.Endpoints(
                new Envelope(access.limiter(), means.metrics(), means.random()),
                new Authentication(access.accounts()),
                new GenerateImages(
                        new GenerationRequestParser(work.catalog()),
                        new GenerateImages.Gates(access.limiter(), access.admission()),
                        new GenerateImages.Jobs(
                                work.jobs(),
                                work.submitter(),
                                work.known(),
                                work.news(),
                                new JobAnswers(pictures.addresses(), pictures.store(), pictures.keys(), means.clock())),
                        maxWait,
                        blocking,
                        means.metrics()),
                new ListModels(work.catalog()),
                new RetrieveModel(work.catalog()),
                new DeliverMedia(pictures.keys(), pictures.outcomes(), pictures.store(), pictures.validity(), blocking),
                new WebhookRoutes(webhooks, blocking, means.clock(), means.random()));
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
