package dev.thunderhead.frontend.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.thunderhead.frontend.job.KnownJobs.Eta;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WaitEstimateTest {
    // From the distribution function of Erlang, by bisection.
    @ParameterizedTest
    @CsvSource({
        "1, 0.6931, 2.3026",
        "2, 1.6783, 3.8897",
        "5, 4.6709, 7.9936",
        "20, 19.6677, 25.9025",
        "100, 99.6668, 113.0105"
    })
    void agreesWithTheGammaDistributionsQuantiles(int tasks, double median, double ninetieth) {
        Eta eta = WaitEstimate.until(tasks, 2);
        assertThat(seconds(eta.median())).isEqualTo(median / 2, within(0.015 * median));
        assertThat(seconds(eta.ninetieth())).isEqualTo(ninetieth / 2, within(0.015 * ninetieth));
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
