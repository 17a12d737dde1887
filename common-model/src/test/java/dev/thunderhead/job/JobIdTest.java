package dev.thunderhead.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobIdTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00.123Z");

    @Test
    void ascendingIdsAreOfDescendingTime() {
        Random random = new Random(1);
        var ids = Stream.of(0, 1, 1000, 86_400_000)
                .map(millis -> JobId.create(NOON.plusMillis(millis), random).value())
                .toList();
        assertThat(ids.stream().sorted().toList()).containsExactly(ids.get(3), ids.get(2), ids.get(1), ids.get(0));
    }

    @Test
    void tellsWhenItsJobWasSubmitted() {
        assertThat(JobId.create(NOON, new Random(1)).createdAt()).isEqualTo(NOON);
        assertThat(JobId.create(Instant.EPOCH, new Random(1)).createdAt()).isEqualTo(Instant.EPOCH);
    }

    @Test
    void aListingCanStartAtATime() {
        String start = JobId.listedAfter(NOON);
        Random random = new Random(1);
        for (int i = 0; i < 100; i++) {
            assertThat(JobId.create(NOON, random).value()).isGreaterThan(start);
            assertThat(JobId.create(NOON.minusMillis(i + 1), random).value()).isGreaterThan(start);
            assertThat(JobId.create(NOON.plusMillis(i + 1), random).value()).isLessThan(start);
        }
    }

    @Test
    void idsOfOneMillisecondDiffer() {
        Random random = new Random(1);
        assertThat(Stream.generate(() -> JobId.create(NOON, random)).limit(10_000))
                .doesNotHaveDuplicates();
    }

    @Test
    void readsItsOwnText() {
        JobId id = JobId.create(NOON, new Random(1));
        assertThat(id.value()).matches("job_[0-9a-hjkmnp-tv-z]{26}");
        assertThat(JobId.parse(id.toString())).contains(id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "job_", "job_0", "JOB_7ywb6tq1zr0m3c5k8v2d9h4j6n", "job_7ywb6tq1zr0m3c5k8v2d9h4j6u/../x"})
    void refusesOtherTexts(String text) {
        assertThat(JobId.parse(text)).isEmpty();
        assertThatThrownBy(() -> new JobId(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
