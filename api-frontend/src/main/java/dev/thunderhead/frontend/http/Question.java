package dev.thunderhead.frontend.http;

import dev.thunderhead.job.Account;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.Optional;

/**
 * What a request says, for an answer that is made on another thread.
 *
 * @param account who asks
 * @param path the variable parts of the path, by name
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Question(Account account, Map<String, String> path, MultiMap query, byte[] body) {
    static Question of(RoutingContext context) {
        // Asked for the body where none was read, Vert.x would complain.
        Buffer body = context.body().available() ? context.body().buffer() : null;
        return new Question(
                Exchange.of(context).knownCaller().account(),
                context.pathParams(),
                context.queryParams(),
                body == null ? new byte[0] : body.getBytes());
    }

    /** A variable part of the path, where the route has it. */
    Optional<String> part(String name) {
        return Optional.ofNullable(path.get(name));
    }
}
