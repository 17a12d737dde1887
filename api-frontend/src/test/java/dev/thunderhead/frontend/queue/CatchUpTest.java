package dev.thunderhead.frontend.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class CatchUpTest {
    private static final TopicPartition TASKS = new TopicPartition("tasks", 0);
    private static final TopicPartition EVENTS = new TopicPartition("events", 0);

    private final List<CompletableFuture<Map<TopicPartition, Long>>> looks = new ArrayList<>();
    private final CatchUp catchUp = new CatchUp(() -> {
        CompletableFuture<Map<TopicPartition, Long>> look = new CompletableFuture<>();
        looks.add(look);
        return look;
    });

    @Test
    void whoAsksWaitsUntilTheReaderHasComeToEveryEnd() {
        catchUp.reached(Map.of(TASKS, 5L, EVENTS, 5L));
        CompletableFuture<Void> asked = catchUp.caughtUp();
        looks.get(0).complete(Map.of(TASKS, 7L, EVENTS, 5L));
        assertThat(asked).isNotDone();
        catchUp.reached(Map.of(TASKS, 6L));
        assertThat(asked).isNotDone();
        catchUp.reached(Map.of(TASKS, 7L));
        assertThat(asked).isCompleted();
    }

    @Test
    void whatWasReadBeforeTheEndsAreKnownCounts() {
        CompletableFuture<Void> asked = catchUp.caughtUp();
        catchUp.reached(Map.of(TASKS, 7L, EVENTS, 5L));
        assertThat(asked).isNotDone();
        looks.get(0).complete(Map.of(TASKS, 7L, EVENTS, 0L));
        assertThat(asked).isCompleted();
    }

    @Test
    void allThatAskDuringOneLookShareTheNextOne() {
        CompletableFuture<Void> first = catchUp.caughtUp();
        CompletableFuture<Void> second = catchUp.caughtUp();
        CompletableFuture<Void> third = catchUp.caughtUp();
        assertThat(looks).hasSize(1);

        looks.get(0).complete(Map.of(TASKS, 0L));
        assertThat(first).isCompleted();
        assertThat(looks).hasSize(2);
        assertThat(second).isNotDone();

        catchUp.reached(Map.of(TASKS, 1L));
        looks.get(1).complete(Map.of(TASKS, 1L));
        assertThat(second).isCompleted();
        assertThat(third).isCompleted();
        assertThat(looks).hasSize(2);
    }

    @Test
    void aLookThatFailsFailsThoseWhoWaitForItAlone() {
        CompletableFuture<Void> first = catchUp.caughtUp();
        CompletableFuture<Void> second = catchUp.caughtUp();
        looks.get(0).completeExceptionally(new IllegalStateException("away"));
        looks.get(1).complete(Map.of());
        assertThat(first).isCompletedExceptionally();
        assertThat(second).isCompleted();
    }

    @Test
    void whoGivesUpSpoilsNothingForOthers() {
        CompletableFuture<Void> first = catchUp.caughtUp();
        CompletableFuture<Void> second = catchUp.caughtUp();
        CompletableFuture<Void> third = catchUp.caughtUp();
        assertThat(second.cancel(false)).isTrue();
        looks.get(0).complete(Map.of());
        looks.get(1).complete(Map.of());
        assertThat(first).isCompleted();
        assertThat(third).isCompleted();
    }
}
