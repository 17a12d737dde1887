package dev.thunderhead.frontend.http;

import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;

/** Adds endpoints that answer with JSON, made on a thread where waiting is allowed. */
final class JsonRoutes {
    private final Router router;
    private final BlockingWork blocking;
    private final ErrorResponder errors = new ErrorResponder();

    JsonRoutes(Router router, BlockingWork blocking) {
        this.router = router;
        this.blocking = blocking;
    }

    void get(String path, JsonAnswer.Action action) {
        answer(router.get(path), action);
    }

    void delete(String path, JsonAnswer.Action action) {
        answer(router.delete(path), action);
    }

    /** One that takes a JSON body. */
    void post(String path, JsonAnswer.Action action) {
        ApiRoutes.post(router, path, new JsonAnswer(action, blocking), errors);
    }

    private void answer(Route route, JsonAnswer.Action action) {
        route.handler(new JsonAnswer(action, blocking)).failureHandler(errors);
    }
}
