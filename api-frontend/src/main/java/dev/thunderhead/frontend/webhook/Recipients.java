package dev.thunderhead.frontend.webhook;

import dev.thunderhead.job.Account;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Says where a delivery goes now, and what signs it. Looks at most a second back, since a thousand calls a second would
 * each ask the store otherwise. Blocks. Thread-safe.
 */
final class Recipients {
    private static final Duration FRESH = Duration.ofSeconds(1);
    private static final int REMEMBERED = 10_000;

    private final Endpoints endpoints;
    private final DefaultSecrets defaults;
    private final Clock clock;
    private final ConcurrentMap<Account, Seen> seen = new ConcurrentHashMap<>();

    private record Seen(List<Endpoint> endpoints, Instant at) {}

    /** Where a delivery goes. */
    sealed interface Recipient {
        /** @param endpoint the account's, if it is one */
        record Open(String url, List<SigningSecret> secrets, Optional<Endpoint> endpoint) implements Recipient {}

        /** Its owner has deleted it. */
        record Deleted() implements Recipient {}

        /** It is not to be called. */
        record Disabled() implements Recipient {}
    }

    Recipients(Endpoints endpoints, DefaultSecrets defaults, Clock clock) {
        this.endpoints = endpoints;
        this.defaults = defaults;
        this.clock = clock;
    }

    Recipient of(Delivery delivery) throws IOException {
        if (delivery.target() instanceof Target.Requested requested) {
            return new Recipient.Open(requested.url(), List.of(defaults.of(delivery.account())), Optional.empty());
        }
        String id = delivery.target().name();
        Optional<Endpoint> endpoint = recent(delivery.account()).stream()
                .filter(one -> one.id().equals(id))
                .findFirst();
        if (endpoint.isEmpty()) {
            return new Recipient.Deleted();
        }
        if (endpoint.get().disabled().isPresent()) {
            return new Recipient.Disabled();
        }
        return new Recipient.Open(endpoint.get().url(), endpoint.get().activeSecrets(clock.instant()), endpoint);
    }

    private List<Endpoint> recent(Account account) throws IOException {
        Seen last = seen.get(account);
        Instant now = clock.instant();
        if (last == null || last.at().plus(FRESH).isBefore(now)) {
            last = new Seen(endpoints.of(account), now);
            if (seen.size() >= REMEMBERED) {
                seen.clear();
            }
            seen.put(account, last);
        }
        return last.endpoints();
    }

    /** Looks again at the next question. */
    void forget(Account account) {
        seen.remove(account);
    }
}
