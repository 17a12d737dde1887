package dev.thunderhead.frontend.http;

import dev.thunderhead.frontend.job.JobEnding;
import dev.thunderhead.job.Account;
import dev.thunderhead.job.JobId;
import dev.thunderhead.wire.Json;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;

/**
 * {@code DELETE /v1/jobs/{id}}: calls the job off if it has not ended, and deletes its record and pictures; their addresses
 * lead nowhere from then on.
 */
final class DeleteJob implements Handler<RoutingContext> {
    private final JobEnding ending;
    private final BlockingWork blocking;

    private record Deleted(String id, String object, boolean deleted) {}

    DeleteJob(JobEnding ending, BlockingWork blocking) {
        this.ending = ending;
        this.blocking = blocking;
    }

    @Override
    public void handle(RoutingContext context) {
        JobId id = JobWaits.id(context);
        Account account = Exchange.of(context).knownCaller().account();
        String traceparent = context.request().getHeader("traceparent");
        blocking.call(context.vertx().getOrCreateContext(), () -> {
                    if (!ending.delete(account, id, traceparent)) {
                        throw JobWaits.absent(id.value());
                    }
                    return Json.text(new Deleted(id.value(), JobResources.Resource.OBJECT, true));
                })
                .onSuccess(body -> context.response()
                        .putHeader("content-type", "application/json")
                        .end(body))
                .onFailure(context::fail);
    }
}
