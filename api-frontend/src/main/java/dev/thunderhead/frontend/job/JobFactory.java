package dev.thunderhead.frontend.job;

import dev.thunderhead.frontend.request.GenerationRequest;
import dev.thunderhead.job.Account;
import dev.thunderhead.job.JobId;
import dev.thunderhead.job.Lane;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

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

    /** A new job. */
    public Job create(Account account, Lane lane, GenerationRequest request, TraceContext trace) {
        Instant now = clock.instant();
        long seed = request.seed().orElseGet(() -> random.nextLong(DRAWN_SEEDS));
        return new Job(JobId.create(now, random), account, lane, request, seed, now, deadline(lane, now), trace);
    }

    /** A job that was created before, and of which nothing was queued: the same pictures, and time to render them. */
    public Job again(JobId id, long seed, Account account, Lane lane, GenerationRequest request, TraceContext trace) {
        return new Job(id, account, lane, request, seed, id.createdAt(), deadline(lane, clock.instant()), trace);
    }

    private Instant deadline(Lane lane, Instant now) {
        return now.plus(lane == Lane.INTERACTIVE ? interactiveDeadline : lane.deadline());
    }

    /** The time by which jobs are created. */
    public Instant now() {
        return clock.instant();
    }
}
