package dev.thunderhead.frontend.job;

import dev.thunderhead.frontend.job.KnownJobs.Eta;
import java.time.Duration;

/**
 * How long it takes until a number of tasks has left. When tasks leave at random moments at a steady rate, that is gamma
 * distributed: with the number as its shape.
 */
public final class WaitEstimate {
    /** The standard normal distribution's quantile at 0.9. */
    private static final double Z_NINETIETH = 1.2815515655446004;

    private static final double MILLIS = 1000;

    private WaitEstimate() {}

    /**
     * The median and the 90th percentile.
     *
     * @param tasks how many have to leave, at least 1
     * @param perSecond how fast they do, more than 0
     */
    public static Eta until(int tasks, double perSecond) {
        return new Eta(quantile(tasks, perSecond, 0), quantile(tasks, perSecond, Z_NINETIETH));
    }

    // A gamma variable's cube root is nearly normal: E. B. Wilson and M. M. Hilferty, "The distribution of chi-square",
    // PNAS 17 (1931), with 2 * tasks degrees of freedom. Within 2 % for one task, and better for more.
    private static Duration quantile(int tasks, double perSecond, double z) {
        double root = 1 - 1 / (9.0 * tasks) + z / (3 * Math.sqrt(tasks));
        return Duration.ofMillis((long) (tasks / perSecond * root * root * root * MILLIS));
    }
}
