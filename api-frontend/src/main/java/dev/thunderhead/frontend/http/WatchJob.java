package dev.thunderhead.frontend.http;

import dev.thunderhead.frontend.error.ApiError;
import dev.thunderhead.frontend.job.FoundJob;
import dev.thunderhead.frontend.job.JobNews;
import dev.thunderhead.frontend.job.JobPosition;
import dev.thunderhead.frontend.job.KnownJobs;
import dev.thunderhead.job.JobDescription;
import dev.thunderhead.job.JobId;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpConnection;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/**
 * {@code GET /v1/jobs/{id}/events}: the job's life as server-sent events, until its end. With {@code Last-Event-ID} it goes
 * on from there, at any frontend; who has seen all gets a 204, which tells browsers not to come back. A stream is ended
 * when the frontend stops, since its listener can go on elsewhere.
 */
final class WatchJob implements Handler<RoutingContext> {
    private static final String LAST_EVENT = "Last-Event-ID";
    private static final int NOTHING_MORE = 204;

    private final JobWaits waits;
    private final KnownJobs known;
    private final JobNews news;
    private final JobResources resources;
    private final EventStream.Limits limits;

    WatchJob(JobWaits waits, KnownJobs known, JobNews news, JobResources resources, EventStream.Limits limits) {
        this.waits = waits;
        this.known = known;
        this.news = news;
        this.resources = resources;
        this.limits = limits;
    }

    @Override
    public void handle(RoutingContext context) {
        JobId id = JobWaits.id(context);
        waits.find(context, id).compose(job -> watch(context, job)).onFailure(context::fail);
    }

    private Future<Void> watch(RoutingContext context, FoundJob job) {
        if (context.response().closed()) {
            return Future.succeededFuture();
        }
        String last = context.request().getHeader(LAST_EVENT);
        if (JobPosition.END.equals(last)) {
            return context.response().setStatusCode(NOTHING_MORE).end();
        }
        Optional<JobPosition> seen =
                last == null || last.isEmpty() ? Optional.empty() : Optional.of(position(last, job.job()));
        new Watch(context, job, new JobEvents(resources::withAddresses, job.job(), seen)).begin();
        return Future.succeededFuture();
    }

    private static JobPosition position(String text, JobDescription job) {
        return JobPosition.parse(text, job)
                .orElseThrow(() -> ApiError.invalid(
                                LAST_EVENT, LAST_EVENT + " must be the id of an event of this job's stream")
                        .asException());
    }

    /** One listener. Belongs to its event loop. */
    private final class Watch {
        private final RoutingContext context;
        private final Context loop;
        private final FoundJob job;
        private final JobEvents events;
        private final EventStream stream;

        private Watch(RoutingContext context, FoundJob job, JobEvents events) {
            this.context = context;
            this.loop = context.vertx().getOrCreateContext();
            this.job = job;
            this.events = events;
            this.stream = EventStream.open(context, limits);
        }

        private void begin() {
            // First listen, then look, or what happens between the two would be missed.
            JobNews.Subscription subscription = news.subscribe(job.id(), heard -> lookAndTell());
            context.addEndHandler(done -> subscription.close());
            HttpConnection connection = context.request().connection();
            connection.shutdownHandler(stopping -> stream.end());
            stream.eachBeat(this::lookAgain);
            tell(job);
            lookAndTell();
        }

        /** On whatever thread: what is known at this moment is told. */
        private void lookAndTell() {
            known.find(job.id()).map(FoundJob::of).ifPresent(now -> loop.runOnContext(back -> tell(now)));
        }

        /** Where the journal tells no more of it, the store does. */
        private void lookAgain() {
            if (known.find(job.id()).isPresent()) {
                lookAndTell();
            } else {
                waits.find(context, job.id()).onSuccess(this::tell).onFailure(gone -> stream.end());
            }
        }

        private void tell(FoundJob now) {
            if (!stream.isOpen()) {
                return;
            }
            events.until(now).forEach(stream::send);
            if (events.isFinished()) {
                stream.end();
            }
        }
    }
}
