package dev.thunderhead.frontend.http;

import dev.thunderhead.frontend.intake.Fingerprint;
import dev.thunderhead.frontend.intake.IdempotencyKey;
import dev.thunderhead.job.Account;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a request says, for an answer that is made on another thread.
 *
 * @param account who asks
 * @param path the variable parts of the path, by name
 * @param fingerprint tells whether it is the same request as another one
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Question(
        Account account,
        Map<String, String> path,
        MultiMap query,
        byte[] body,
        Fingerprint fingerprint,
        Optional<IdempotencyKey> idempotencyKey,
        @Nullable String traceparent) {
    static Question of(RoutingContext context) {
        // Asked for the body where none was read, Vert.x would complain.
        Buffer buffer = context.body().available() ? context.body().buffer() : null;
        byte[] body = buffer == null ? new byte[0] : buffer.getBytes();
        return new Question(
                Exchange.of(context).knownCaller().account(),
                context.pathParams(),
                context.queryParams(),
                body,
                Fingerprint.of(context.request().path(), body),
                JobRequests.idempotencyKey(context.request()),
                context.request().getHeader("traceparent"));
    }

    /** A variable part of the path, where the route has it. */
    Optional<String> part(String name) {
        return Optional.ofNullable(path.get(name));
    }
}
