package dev.thunderhead.frontend.http;

import dev.thunderhead.frontend.catalog.ModelCatalog;
import dev.thunderhead.frontend.request.GenerationRequestParser;
import dev.thunderhead.model.ModelDescriptor;
import dev.thunderhead.wire.Json;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/** {@code GET /v1/models/{id}}. The id may contain slashes, plain or as {@code %2F}. */
final class RetrieveModel implements Handler<RoutingContext> {
    private final ModelCatalog catalog;

    RetrieveModel(ModelCatalog catalog) {
        this.catalog = catalog;
    }

    @Override
    public void handle(RoutingContext context) {
        String name = decode(context.request().path().substring(ApiRoutes.MODELS.length() + 1));
        ModelDescriptor model = catalog.find(name).orElseThrow(() -> GenerationRequestParser.unknownModel(name));
        context.response().putHeader("content-type", "application/json").end(Json.text(ModelEntry.of(name, model)));
    }

    private static String decode(String path) {
        try {
            return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException problem) {
            // Not a valid escape, so it names no model either.
            return path;
        }
    }
}
