package dev.thunderhead.frontend.http;

import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Optional;

/** How long a client waits before it hangs up, as OpenAI's SDKs declare it: in seconds. */
final class ClientTimeout {
    private static final Duration MARGIN = Duration.ofSeconds(1);

    private ClientTimeout() {}

    /**
     * How long the answer may take: a little less than the client waits.
     *
     * @param limit of ours, for clients that declare nothing, or more
     */
    static Duration of(HttpServerRequest request, Duration limit) {
        String declared = Optional.ofNullable(request.getHeader("x-stainless-read-timeout"))
                .orElse(String.valueOf(request.getHeader("x-stainless-timeout")));
        if (!declared.matches("[0-9]{1,6}(\\.[0-9]{1,9})?")) {
            return limit;
        }
        Duration timeout = Duration.ofMillis((long) (Double.parseDouble(declared) * 1000));
        // SDKs that declare whole seconds say 0 for less than one.
        if (timeout.isZero()) {
            return limit;
        }
        Duration tenth = timeout.dividedBy(10);
        Duration patience = timeout.minus(tenth.compareTo(MARGIN) < 0 ? tenth : MARGIN);
        return patience.compareTo(limit) < 0 ? patience : limit;
    }
}
