package dev.thunderhead.frontend.http;

import dev.thunderhead.frontend.error.ApiError;
import dev.thunderhead.frontend.error.ErrorKind;
import dev.thunderhead.frontend.request.GenerationRequest;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Which handler answers at which path. */
final class ApiRoutes {
    static final String GENERATIONS = "/v1/images/generations";
    static final String JOBS = "/v1/jobs";
    static final String MODELS = "/v1/models";
    static final String MEDIA = "/media/";

    /** The largest JSON body, in bytes. */
    static final int MAX_BODY = GenerationRequest.MAX_BODY;

    private static final Pattern JSON = Pattern.compile("\\s*application/json\\s*(;.*)?", Pattern.CASE_INSENSITIVE);

    private ApiRoutes() {}

    /** The endpoints' handlers; what else a request passes is the same for all. */
    record Endpoints(
            Envelope envelope,
            Authentication authentication,
            GenerateImages generateImages,
            Jobs jobs,
            ListModels listModels,
            RetrieveModel retrieveModel,
            DeliverMedia deliverMedia,
            WebhookRoutes webhooks,
            BatchRoutes batches,
            FileRoutes files) {}

    /** The handlers of what can be done with jobs. */
    record Jobs(
            CreateJob create,
            RetrieveJob retrieve,
            WatchJob watch,
            JsonAnswer list,
            JsonAnswer cancel,
            JsonAnswer delete) {
        private static final String ONE = JOBS + "/:" + JobWaits.ID;

        private void mount(Router router, ErrorResponder errors) {
            post(router, JOBS, create, errors);
            get(router, JOBS, list, errors);
            get(router, ONE, retrieve, errors);
            router.get(ONE + "/events").handler(watch).failureHandler(errors);
            router.delete(ONE).handler(delete).failureHandler(errors);
            router.post(ONE + "/cancel").handler(cancel).failureHandler(errors);
        }
    }

    static Router router(Vertx vertx, SlowClients slowClients, Endpoints endpoints) {
        ErrorResponder errors = new ErrorResponder();
        Router router = Router.router(vertx);
        router.errorHandler(404, errors);
        router.route().handler(endpoints.envelope()).handler(slowClients).failureHandler(errors);
        get(router, MEDIA + "*", endpoints.deliverMedia(), errors);
        router.route("/v1/*").handler(endpoints.authentication()).failureHandler(errors);
        post(router, GENERATIONS, endpoints.generateImages(), errors);
        endpoints.jobs().mount(router, errors);
        get(router, MODELS, endpoints.listModels(), errors);
        get(router, MODELS + "/*", endpoints.retrieveModel(), errors);
        endpoints.webhooks().mount(router);
        endpoints.batches().mount(router);
        endpoints.files().mount(router);
        refuseOtherMethods(router, errors);
        return router;
    }

    /** Of each path, what comes with a method that it does not take is told those that it does. */
    private static void refuseOtherMethods(Router router, ErrorResponder errors) {
        Map<String, Set<String>> taken = new TreeMap<>();
        for (Route route : router.getRoutes()) {
            Set<HttpMethod> methods = route.methods() == null ? Set.of() : route.methods();
            String path = route.getPath() + (route.isExactPath() ? "" : "*");
            methods.forEach(method ->
                    taken.computeIfAbsent(path, any -> new TreeSet<>()).add(method.name()));
        }
        taken.forEach((path, methods) -> router.route(path)
                .handler(context -> {
                    context.response().putHeader("allow", String.join(", ", methods));
                    context.fail(405);
                })
                .failureHandler(errors));
    }

    /** An endpoint that answers GET, and HEAD with the same but the content. */
    static void get(Router router, String path, Handler<RoutingContext> handler, ErrorResponder errors) {
        router.route(path)
                .method(HttpMethod.GET)
                .method(HttpMethod.HEAD)
                .handler(handler)
                .failureHandler(errors);
    }

    /** An endpoint that takes a JSON body. Three routes, since Vert.x wants a body handler to be the first of its route. */
    static void post(Router router, String path, Handler<RoutingContext> handler, ErrorResponder errors) {
        router.post(path).handler(ApiRoutes::requireJson).failureHandler(errors);
        router.post(path)
                .handler(BodyHandler.create(false).setBodyLimit(MAX_BODY))
                .failureHandler(errors);
        router.post(path).handler(handler).failureHandler(errors);
    }

    // Before the body is read: read as a form, it would be taken apart.
    private static void requireJson(RoutingContext context) {
        String type = context.request().getHeader("content-type");
        String encoding = context.request().getHeader("content-encoding");
        boolean json = type == null || JSON.matcher(type).matches();
        if (!json || (encoding != null && !encoding.equalsIgnoreCase("identity"))) {
            throw ApiError.of(
                            ErrorKind.UNSUPPORTED_MEDIA_TYPE,
                            "unsupported_media_type",
                            "send the body as plain JSON, with the header Content-Type: application/json")
                    .asException();
        }
        context.next();
    }
}
