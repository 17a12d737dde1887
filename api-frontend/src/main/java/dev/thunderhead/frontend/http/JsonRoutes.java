package dev.thunderhead.frontend.http;

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
        ApiRoutes.get(router, path, new JsonAnswer(action, blocking), errors);
    }

    void delete(String path, JsonAnswer.Action action) {
        router.delete(path).handler(new JsonAnswer(action, blocking)).failureHandler(errors);
    }

    /** One that takes a JSON body. */
    void post(String path, JsonAnswer.Action action) {
        ApiRoutes.post(router, path, new JsonAnswer(action, blocking), errors);
    }
}
