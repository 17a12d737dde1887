package dev.thunderhead.frontend.http;

import dev.thunderhead.frontend.account.KeyEntry;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a request beside its content. Belongs to the request's event loop.
 */
final class Exchange {
    private static final String KEY = Exchange.class.getName();

    private final String requestId;
    private final long begunAt;
    private @Nullable KeyEntry caller;

    private Exchange(String requestId, long begunAt) {
        this.requestId = requestId;
        this.begunAt = begunAt;
    }

    /** @param begunAt by {@link System#nanoTime} */
    static Exchange begin(RoutingContext context, String requestId, long begunAt) {
        Exchange exchange = new Exchange(requestId, begunAt);
        context.put(KEY, exchange);
        return exchange;
    }

    static Exchange of(RoutingContext context) {
        Exchange exchange = context.get(KEY);
        return Objects.requireNonNull(exchange, "every request begins an exchange");
    }

    String requestId() {
        return requestId;
    }

    /** Nanoseconds since the request came. */
    long elapsed() {
        return System.nanoTime() - begunAt;
    }

    void authenticated(KeyEntry key) {
        caller = key;
    }

    /** Empty where nobody was asked who he is. */
    Optional<KeyEntry> caller() {
        return Optional.ofNullable(caller);
    }

    /** The caller of an endpoint that asks. */
    KeyEntry knownCaller() {
        return caller().orElseThrow();
    }
}
