package dev.thunderhead.frontend.http;

import dev.thunderhead.wire.Json;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;

/** Answers with JSON that is made on a thread where waiting is allowed. */
final class JsonAnswer implements Handler<RoutingContext> {
    private final Action action;
    private final BlockingWork blocking;

    /** Makes an answer. Thread-safe. */
    @FunctionalInterface
    interface Action {
        /** What to write as JSON; may block, and throw whatever {@link ErrorResponder} knows to answer. */
        Object answer(Question question) throws Exception;
    }

    JsonAnswer(Action action, BlockingWork blocking) {
        this.action = action;
        this.blocking = blocking;
    }

    @Override
    public void handle(RoutingContext context) {
        Question question = Question.of(context);
        blocking.call(context.vertx().getOrCreateContext(), () -> Json.text(action.answer(question)))
                .onSuccess(json -> context.response()
                        .putHeader("content-type", "application/json")
                        .end(json))
                .onFailure(context::fail);
    }
}
