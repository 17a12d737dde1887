package dev.thunderhead.frontend.http;

import dev.thunderhead.frontend.answer.JobAnswers;
import dev.thunderhead.frontend.answer.PictureData;
import dev.thunderhead.frontend.error.ApiError;
import dev.thunderhead.frontend.job.FoundJob;
import dev.thunderhead.frontend.job.JobNews;
import dev.thunderhead.frontend.job.JobState;
import dev.thunderhead.frontend.job.KnownJobs;
import dev.thunderhead.frontend.job.News;
import dev.thunderhead.frontend.request.GenerationRequest;
import dev.thunderhead.job.Outcome;
import dev.thunderhead.job.RenderProgress;
import dev.thunderhead.job.TaskId;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers a generation as OpenAI's stream: previews while its pictures are rendered, each picture when it is finished, and
 * then the stream ends. Of several pictures the events come as they happen, each with the picture's index. When some have
 * failed, an error is the last event, after the pictures that have not. A picture that is fetched waits until the client
 * has taken the one before, and a preview that it cannot take is left out. Thread-safe.
 */
final class StreamImages {
    private static final Logger LOG = LoggerFactory.getLogger(StreamImages.class);

    private static final Duration SOON = Duration.ofSeconds(5);

    private final KnownJobs known;
    private final JobNews news;
    private final PictureData pictures;
    private final Clock clock;
    private final BlockingWork blocking;
    private final Duration maxWait;
    private final EventStream.Limits limits;

    /** @param maxWait after which the client is told that the job goes on without it */
    StreamImages(
            KnownJobs known,
            JobNews news,
            PictureData pictures,
            Clock clock,
            BlockingWork blocking,
            Duration maxWait,
            EventStream.Limits limits) {
        this.known = known;
        this.news = news;
        this.pictures = pictures;
        this.clock = clock;
        this.blocking = blocking;
        this.maxWait = maxWait;
        this.limits = limits;
    }

    /** Streams the job that the request has become; completes when the stream has begun. */
    Future<Void> stream(RoutingContext context, GenerationRequest request, FoundJob job) {
        if (!context.response().closed()) {
            new Listener(context, request, job).begin();
        }
        return Future.succeededFuture();
    }

    /** One stream. Belongs to its event loop. */
    private final class Listener {
        private final RoutingContext context;
        private final Context loop;
        private final GenerationRequest request;
        private final FoundJob job;
        private final EventStream stream;
        private final BitSet ended = new BitSet();
        private Future<Void> sent = Future.succeededFuture();
        private Optional<ApiError> failure = Optional.empty();

        private Listener(RoutingContext context, GenerationRequest request, FoundJob job) {
            this.context = context;
            this.loop = context.vertx().getOrCreateContext();
            this.request = request;
            this.job = job;
            this.stream = EventStream.open(context, limits);
        }

        private void begin() {
            // First listen, then look, or an end between the two would be missed.
            JobNews.Subscription subscription =
                    news.subscribe(job.id(), heard -> loop.runOnContext(back -> tell(heard)));
            long limit = context.vertx().setTimer(maxWait.toMillis(), fired -> giveUp());
            context.addEndHandler(done -> {
                subscription.close();
                context.vertx().cancelTimer(limit);
            });
            if (job instanceof FoundJob.Ended finished) {
                List<Outcome> outcomes = finished.record().outcomes();
                for (int index = 0; index < outcomes.size(); index++) {
                    end(index, outcomes.get(index));
                }
            }
            look();
        }

        private void tell(News heard) {
            if (heard instanceof News.Progressed progressed) {
                preview(progressed.progress());
            } else {
                look();
            }
        }

        private void preview(RenderProgress progress) {
            int index = progress.id().index();
            if (progress instanceof RenderProgress.StepDone step && !ended.get(index)) {
                step.preview()
                        .map(preview -> ImageEvent.PartialImage.of(request, index, preview, clock.instant()))
                        .map(ImageEvent::event)
                        .ifPresent(stream::offer);
            }
        }

        private void look() {
            List<JobState.TaskState> tasks =
                    known.find(job.id()).map(JobState::tasks).orElse(List.of());
            for (int index = 0; index < tasks.size(); index++) {
                if (tasks.get(index) instanceof JobState.TaskState.Ended end) {
                    end(index, end.outcome());
                }
            }
        }

        private void end(int index, Outcome outcome) {
            if (ended.get(index)) {
                return;
            }
            ended.set(index);
            if (outcome instanceof Outcome.Picture picture) {
                sent = sent.compose(before -> completed(index, picture)).compose(stream::send);
            } else if (failure.isEmpty()) {
                failure = Optional.of(JobAnswers.error(outcome, job.id()));
            }
            if (ended.cardinality() == job.job().count()) {
                sent.compose(all -> failure.map(this::error).orElse(Future.succeededFuture()))
                        .onSuccess(all -> stream.end())
                        .onFailure(this::fail);
            }
        }

        private Future<SseEvent> completed(int index, Outcome.Picture picture) {
            if (!stream.isOpen()) {
                return Future.failedFuture("the stream is over");
            }
            return blocking.call(loop, () -> pictures.base64(job.account(), new TaskId(job.id(), index), picture))
                    .map(file -> ImageEvent.Completed.of(request, index, file, picture.seed(), clock.instant())
                            .event());
        }

        private Future<Void> error(ApiError error) {
            return stream.send(new SseEvent(Optional.empty(), Optional.empty(), ErrorResponder.json(error)));
        }

        private void fail(Throwable problem) {
            if (!stream.isOpen()) {
                return;
            }
            LOG.warn("event=stream_failed job={} problem=\"{}\"", job.id(), String.valueOf(problem.getMessage()));
            error(ApiError.unavailable(
                            "store_unavailable",
                            "the store of the pictures cannot be reached; try again shortly",
                            SOON))
                    .onComplete(done -> stream.end());
        }

        private void giveUp() {
            error(ApiError.unavailable(
                            "still_rendering",
                            "the job " + job.id() + " has not ended yet and goes on; ask GET /v1/jobs/" + job.id(),
                            SOON))
                    .onComplete(done -> stream.end());
        }
    }
}
