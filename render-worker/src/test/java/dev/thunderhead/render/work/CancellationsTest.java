package dev.thunderhead.render.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thunderhead.job.JobId;
import java.time.Instant;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CancellationsTest {
    private final Cancellations cancellations = new Cancellations(3);

    @Test
    void theOldestIsForgottenFirst() {
        JobId[] jobs = Stream.generate(() -> JobId.create(Instant.now(), RandomGenerator.getDefault()))
                .limit(4)
                .toArray(JobId[]::new);
        for (JobId job : jobs) {
            cancellations.add(job);
        }

        assertThat(jobs).filteredOn(cancellations::contains).containsExactly(jobs[1], jobs[2], jobs[3]);
    }
}
