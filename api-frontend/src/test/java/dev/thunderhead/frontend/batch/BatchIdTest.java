package dev.thunderhead.frontend.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thunderhead.job.JobId;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BatchIdTest {
    private final Instant now = Instant.ofEpochMilli(1_790_000_000_123L);
    private final BatchId id = BatchId.create(now, new SecureRandom());

    @Test
    void aLineIsTheSameJobWhoeverQueuesIt() {
        BatchId again = BatchId.parse(id.value()).orElseThrow();
        assertThat(again.job(7)).isEqualTo(id.job(7));
        assertThat(again.seed(7)).isEqualTo(id.seed(7)).isBetween(0L, (1L << 32) - 1);
    }

    @Test
    void linesAndBatchesHaveJobsOfTheirOwn() {
        Set<JobId> jobs = new HashSet<>();
        BatchId other = BatchId.create(now, new SecureRandom());
        for (int line = 1; line <= 1_000; line++) {
            jobs.add(id.job(line));
            jobs.add(other.job(line));
        }
        assertThat(jobs).hasSize(2_000);
    }

    @Test
    void jobsAreAsOldAsTheirBatch() {
        assertThat(id.createdAt()).isEqualTo(now);
        assertThat(id.job(1).createdAt()).isEqualTo(now);
    }
}
