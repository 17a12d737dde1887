package dev.thunderhead.frontend.account;

import dev.thunderhead.frontend.error.ApiError;
import dev.thunderhead.job.Account;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * Holds accounts to their limits, per frontend: behind n frontends an account has n times its limits at most. Thread-safe.
 */
public final class RateLimiter {
    private static final Duration MOMENT = Duration.ofSeconds(1);

    private final ConcurrentMap<Account, Allowance> allowances = new ConcurrentHashMap<>();
    private final LongSupplier nanoTime;

    /** @param nanoTime monotonic, for example {@link System#nanoTime} */
    public RateLimiter(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Whether a request may go on. */
    public sealed interface Verdict {
        /** It may; {@code release} once it has been answered, more often does no harm. */
        record Granted(Runnable release) implements Verdict {}

        /** It may not. */
        record Refused(ApiError error) implements Verdict {}
    }

    /** Counts a request for pictures whose answer does not wait for them. */
    public Verdict submission(KeyEntry key) {
        return allowance(key).take(key.limits(), nanoTime.getAsLong())
                ? new Verdict.Granted(() -> {})
                : new Verdict.Refused(tooFast(key));
    }

    private ApiError tooFast(KeyEntry key) {
        return ApiError.tooMany(
                "rate_limit_exceeded",
                "your account may send " + key.limits().requestsPerMinute() + " requests a minute; slow down",
                state(key).retryAfter());
    }

    /** Counts a request for pictures that waits for them. */
    public Verdict request(KeyEntry key) {
        Allowance allowance = allowance(key);
        Limits limits = key.limits();
        if (!allowance.enter(limits)) {
            return new Verdict.Refused(ApiError.tooMany(
                    "concurrent_requests_exceeded",
                    "your account has " + limits.concurrentRequests()
                            + " requests waiting, as many as it may; wait for one to be answered",
                    MOMENT));
        }
        AtomicBoolean left = new AtomicBoolean();
        Runnable release = () -> {
            if (left.compareAndSet(false, true)) {
                allowance.leave();
            }
        };
        if (!allowance.take(limits, nanoTime.getAsLong())) {
            release.run();
            return new Verdict.Refused(tooFast(key));
        }
        return new Verdict.Granted(release);
    }

    /** What is left, for the {@code x-ratelimit} headers. */
    public Allowance.State state(KeyEntry key) {
        return allowance(key).state(key.limits(), nanoTime.getAsLong());
    }

    private Allowance allowance(KeyEntry key) {
        return allowances.computeIfAbsent(key.account(), account -> new Allowance(key.limits(), nanoTime.getAsLong()));
    }
}
