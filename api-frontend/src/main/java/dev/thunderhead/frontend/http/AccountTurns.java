package dev.thunderhead.frontend.http;

import dev.thunderhead.frontend.error.ApiError;
import dev.thunderhead.job.Account;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Lets each account do only a few things at a time that take long: those that wait for strangers, a name server or a
 * receiver that never answers, or for many answers of the store. They must not hold up other accounts. Thread-safe.
 */
final class AccountTurns {
    private static final int MOST = 4;
    private static final Duration SOON = Duration.ofSeconds(1);

    private final String code;
    private final String what;
    private final ConcurrentMap<Account, Integer> running = new ConcurrentHashMap<>();

    /**
     * Takes turns at something.
     *
     * @param code of the error when an account does too much
     * @param what the things that it does, for example {@code uploads}
     */
    AccountTurns(String code, String what) {
        this.code = code;
        this.what = what;
    }

    /** Does it, unless the account does too much already. */
    <T> T take(Account account, Callable<T> work) throws Exception {
        if (running.merge(account, 1, Integer::sum) > MOST) {
            end(account);
            throw ApiError.tooMany(code, "only " + MOST + " " + what + " may run at a time; try again shortly", SOON)
                    .asException();
        }
        try {
            return work.call();
        } finally {
            end(account);
        }
    }

    private void end(Account account) {
        running.computeIfPresent(account, (name, count) -> count == 1 ? null : count - 1);
    }
}
