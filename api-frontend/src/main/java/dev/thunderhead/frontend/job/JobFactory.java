package dev.thunderhead.frontend.job;

import dev.thunderhead.frontend.request.GenerationRequest;
import dev.thunderhead.job.Account;
import dev.thunderhead.job.JobId;
import dev.thunderhead.job.Lane;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Makes jobs of requests: gives them ids, seeds, deadlines and traces. Thread-safe. */
public final class JobFactory {
    /** Seeds that are drawn fit into 32 bits, which is as far as any other tool tells seeds apart. */
    private static final long DRAWN_SEEDS = 1L << 32;

    private final Clock clock;
    private final RandomGenerator random;
    private final Duration interactiveDeadline;

    /**
     * @param random thread-safe and not to be guessed
     * @param interactiveDeadline how long a synchronous call's tasks may take, up to the lane's own deadline
     */
    public JobFactory(Clock clock, RandomGenerator random, Duration interactiveDeadline) {
        this.clock = clock;
        this.random = random;
        this.interactiveDeadline = interactiveDeadline;
    }

    /** The job of a synchronous call. */
    public Job interactive(Account account, GenerationRequest request, @Nullable String traceparent) {
        Instant now = clock.instant();
        return new Job(
                JobId.create(now, random),
                account,
                Lane.INTERACTIVE,
                request,
                request.seed().orElseGet(() -> random.nextLong(DRAWN_SEEDS)),
                now,
                now.plus(interactiveDeadline),
                TraceContext.continueOrStart(traceparent, random));
    }
}
