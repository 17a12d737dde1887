package dev.thunderhead.frontend.http;

import dev.thunderhead.frontend.error.ApiError;
import dev.thunderhead.job.Account;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * Lets each account do only a few things at a time that take long: those that wait for strangers, a name server, a receiver
 * that never answers or a slow client, or for many answers of the store. They must not hold up other accounts. Thread-safe.
 */
final class AccountTurns {
    private static final int FEW = 4;
    private static final int HALF_OF_THE_SHARED = 32;
    private static final Duration SOON = Duration.ofSeconds(1);

    private final String code;
    private final String what;
    private final int most;
    private final int room;
    private final Map<Account, Integer> running = new HashMap<>();
    private int all;

    /**
     * Takes turns at something.
     *
     * @param code of the error when an account does too much
     * @param what the things that it does, for example {@code uploads}
     * @param most how many an account may do at a time, where there is room
     * @param room how many all accounts can do together. Each may do as many as it leaves free, and always one: so who comes
     *     next finds room, however many the others do
     */
    AccountTurns(String code, String what, int most, int room) {
        this.code = code;
        this.what = what;
        this.most = most;
        this.room = room;
    }

    /** For what is done on the threads that all requests share: a few at a time, and of those threads half at most. */
    static AccountTurns few(String code, String what) {
        return new AccountTurns(code, what, FEW, HALF_OF_THE_SHARED);
    }

    /** Does it, unless the account does too much already. */
    <T> T take(Account account, Callable<T> work) throws Exception {
        begin(account);
        try {
            return work.call();
        } finally {
            end(account);
        }
    }

    private synchronized void begin(Account account) {
        int own = running.getOrDefault(account, 0) + 1;
        int allowed = Math.max(1, Math.min(most, room - all - 1));
        if (own > allowed) {
            throw ApiError.tooMany(code, "only " + allowed + " " + what + " may run at a time; try again shortly", SOON)
                    .asException();
        }
        running.put(account, own);
        all++;
    }

    private synchronized void end(Account account) {
        running.computeIfPresent(account, (name, count) -> count == 1 ? null : count - 1);
        all--;
    }
}
