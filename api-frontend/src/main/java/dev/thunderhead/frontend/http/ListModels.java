package dev.thunderhead.frontend.http;

import dev.thunderhead.frontend.catalog.ModelCatalog;
import dev.thunderhead.wire.Json;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/** {@code GET /v1/models}: every name that a request may give. */
final class ListModels implements Handler<RoutingContext> {
    private final String answer;

    private record Listing(String object, List<ModelEntry> data) {}

    ListModels(ModelCatalog catalog) {
        List<ModelEntry> entries = catalog.byName().entrySet().stream()
                .map(entry -> ModelEntry.of(entry.getKey(), entry.getValue()))
                .toList();
        this.answer = Json.text(new Listing("list", entries));
    }

    @Override
    public void handle(RoutingContext context) {
        context.response().putHeader("content-type", "application/json").end(answer);
    }
}
