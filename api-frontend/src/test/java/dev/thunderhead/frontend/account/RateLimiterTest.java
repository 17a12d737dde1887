package dev.thunderhead.frontend.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thunderhead.frontend.error.ErrorKind;
import dev.thunderhead.frontend.error.Retry;
import dev.thunderhead.job.Account;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimiterTest {
    private final AtomicLong now = new AtomicLong();
    private final RateLimiter limiter = new RateLimiter(now::get);

    private static KeyEntry key(String account, int perMinute, int concurrent) {
        return new KeyEntry("0".repeat(64), new Account(account), new Limits(perMinute, concurrent));
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private RateLimiter.Verdict.Granted granted(KeyEntry key) {
        RateLimiter.Verdict verdict = limiter.request(key);
        assertThat(verdict).isInstanceOf(RateLimiter.Verdict.Granted.class);
        return (RateLimiter.Verdict.Granted) verdict;
    }

    private RateLimiter.Verdict.Refused refused(KeyEntry key) {
        RateLimiter.Verdict verdict = limiter.request(key);
        assertThat(verdict).isInstanceOf(RateLimiter.Verdict.Refused.class);
        return (RateLimiter.Verdict.Refused) verdict;
    }

    @Test
    void aMinutesRequestsMayComeAtOnceAndThenAsTheyGrowBack() {
        KeyEntry key = key("acme", 6, 100);
        for (int i = 0; i < 6; i++) {
            granted(key).release().run();
        }
        assertThat(limiter.state(key).remaining()).isZero();
        assertThat(limiter.state(key).reset()).isEqualTo(Duration.ofMinutes(1));

        RateLimiter.Verdict.Refused refused = refused(key);
        assertThat(refused.error().kind()).isEqualTo(ErrorKind.RATE_LIMIT);
        assertThat(refused.error().code()).isEqualTo("rate_limit_exceeded");
        assertThat(refused.error().retry()).isEqualTo(new Retry.After(Duration.ofSeconds(10)));

        pass(Duration.ofSeconds(10));
        granted(key).release().run();
        refused(key);
    }

    @Test
    void noMoreWaitThanMay() {
        KeyEntry key = key("acme", 100, 2);
        RateLimiter.Verdict.Granted first = granted(key);
        granted(key);

        assertThat(refused(key).error().code()).isEqualTo("concurrent_requests_exceeded");
        assertThat(limiter.state(key).remaining()).isEqualTo(98);

        first.release().run();
        first.release().run();
        granted(key);
        refused(key);
    }

    @Test
    void accountsDoNotFeelEachOther() {
        granted(key("one", 1, 1));
        refused(key("one", 1, 1));
        granted(key("two", 1, 1));
    }
}
