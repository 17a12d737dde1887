package dev.thunderhead.frontend.http;

import dev.thunderhead.frontend.account.KeyEntry;
import dev.thunderhead.frontend.account.RateLimiter;
import dev.thunderhead.frontend.error.ApiError;
import dev.thunderhead.frontend.error.ApiException;
import dev.thunderhead.frontend.intake.Fingerprint;
import dev.thunderhead.frontend.intake.IdempotencyKey;
import dev.thunderhead.frontend.intake.JobIntake;
import dev.thunderhead.frontend.job.Submission;
import dev.thunderhead.frontend.job.TraceContext;
import dev.thunderhead.frontend.metrics.FrontendMetrics;
import dev.thunderhead.frontend.request.GenerationRequest;
import dev.thunderhead.frontend.request.GenerationRequestParser;
import dev.thunderhead.job.Lane;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;

/** What all endpoints do that make jobs: hold the caller to its limits, read the request, have it taken. */
final class JobRequests {
    /** Names the job, for support and for later questions. */
    static final String JOB_HEADER = "x-thunderhead-job";

    /** Names the model that really paints, also when the request named an alias. */
    private static final String MODEL_HEADER = "x-thunderhead-model";
    /** How often the client's SDK has sent this request before. */
    private static final String RETRIES_HEADER = "x-stainless-retry-count";

    private static final Duration SOON = Duration.ofSeconds(5);

    private final RateLimiter limiter;
    private final GenerationRequestParser parser;
    private final JobIntake intake;
    private final BlockingWork blocking;
    private final FrontendMetrics metrics;
    private final RandomGenerator random;

    JobRequests(
            RateLimiter limiter,
            GenerationRequestParser parser,
            JobIntake intake,
            BlockingWork blocking,
            FrontendMetrics metrics,
            RandomGenerator random) {
        this.limiter = limiter;
        this.parser = parser;
        this.intake = intake;
        this.blocking = blocking;
        this.metrics = metrics;
        this.random = random;
    }

    /** Reads a request whose answer waits for the pictures; it counts among the caller's waiting ones until answered. */
    JobIntake.Call waiting(RoutingContext context) {
        KeyEntry caller = Exchange.of(context).knownCaller();
        granted(context, limiter.request(caller));
        return call(context, caller, Lane.INTERACTIVE);
    }

    /** Reads a request whose answer does not. */
    JobIntake.Call asynchronous(RoutingContext context) {
        KeyEntry caller = Exchange.of(context).knownCaller();
        granted(context, limiter.submission(caller));
        return call(context, caller, Lane.STANDARD);
    }

    private void granted(RoutingContext context, RateLimiter.Verdict verdict) {
        if (verdict instanceof RateLimiter.Verdict.Granted granted) {
            context.addEndHandler(done -> granted.release().run());
        } else if (verdict instanceof RateLimiter.Verdict.Refused refused) {
            metrics.refused("limit");
            throw refused.error().asException();
        }
    }

    private JobIntake.Call call(RoutingContext context, KeyEntry caller, Lane lane) {
        Buffer buffer = context.body().buffer();
        byte[] body = buffer == null ? new byte[0] : buffer.getBytes();
        GenerationRequest request = parser.parse(body);
        HttpServerRequest http = context.request();
        context.response().putHeader(MODEL_HEADER, request.model().id());
        return new JobIntake.Call(
                caller,
                lane,
                request,
                Fingerprint.of(http.path(), body),
                idempotencyKey(http),
                retries(http),
                TraceContext.continueOrStart(http.getHeader("traceparent"), random));
    }

    /** The idempotency key that the request carries, if it carries one. */
    static Optional<IdempotencyKey> idempotencyKey(HttpServerRequest request) {
        try {
            return Optional.ofNullable(request.getHeader(IdempotencyKey.HEADER)).map(IdempotencyKey::parse);
        } catch (IllegalArgumentException problem) {
            throw ApiError.invalid(IdempotencyKey.HEADER, String.valueOf(problem.getMessage()))
                    .asException();
        }
    }

    private static int retries(HttpServerRequest request) {
        String header = request.getHeader(RETRIES_HEADER);
        return header != null && header.matches("[0-9]{1,3}") ? Integer.parseInt(header) : 0;
    }

    /** Has the request taken; completes when its job is queued, and fails when it is refused. */
    Future<JobIntake.Taken> take(RoutingContext context, JobIntake.Call call) {
        return blocking.begin(context.vertx().getOrCreateContext(), () -> queued(intake.take(call)))
                .onFailure(this::count)
                .compose(queued -> accepted(context, queued));
    }

    /** A job, and what became of queueing it. */
    private record Queued(JobIntake.Taken taken, Submission submission) {}

    private static CompletableFuture<Queued> queued(JobIntake.Taken taken) {
        return taken.submission().thenApply(submission -> new Queued(taken, submission));
    }

    private void count(Throwable problem) {
        if (problem instanceof ApiException refusal) {
            metrics.refused(String.valueOf(refusal.error().code()));
        }
    }

    private static Future<JobIntake.Taken> accepted(RoutingContext context, Queued queued) {
        if (!context.response().headWritten()) {
            context.response().putHeader(JOB_HEADER, queued.taken().id().value());
        }
        return queued.submission() instanceof Submission.CalledOff
                ? Future.failedFuture(ApiError.unavailable(
                                "queue_unavailable", "the queue cannot be reached; nothing was queued", SOON)
                        .asException())
                : Future.succeededFuture(queued.taken());
    }
}
