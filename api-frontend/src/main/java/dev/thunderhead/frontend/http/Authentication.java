package dev.thunderhead.frontend.http;

import dev.thunderhead.frontend.account.Accounts;
import dev.thunderhead.frontend.account.KeyEntry;
import dev.thunderhead.frontend.error.ApiError;
import dev.thunderhead.frontend.error.ErrorKind;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** Lets nobody pass without a valid key. */
final class Authentication implements Handler<RoutingContext> {
    private static final String HINT = "send your API key in the header Authorization: Bearer th_…";

    private final Accounts accounts;

    Authentication(Accounts accounts) {
        this.accounts = accounts;
    }

    @Override
    public void handle(RoutingContext context) {
        String authorization = context.request().getHeader("authorization");
        Optional<KeyEntry> key = accounts.authenticate(authorization);
        if (key.isEmpty()) {
            String message =
                    authorization == null ? "there is no API key: " + HINT : "the API key is not valid: " + HINT;
            context.response().putHeader("www-authenticate", "Bearer");
            throw ApiError.of(ErrorKind.AUTHENTICATION, "invalid_api_key", message)
                    .asException();
        }
        Exchange.of(context).authenticated(key.get());
        context.next();
    }
}
