package dev.thunderhead.render.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thunderhead.job.Lane;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LaneSharesTest {
    private final LaneShares shares = new LaneShares();

    @Test
    void bulkGetsAtLeastATenthOfTheTimeWhenAllWait() {
        Map<Lane, Long> time = serve(EnumSet.allOf(Lane.class), 900);

        assertThat(time.get(Lane.BULK)).isBetween(90L, 110L);
        assertThat(time.get(Lane.STANDARD)).isBetween(280L, 310L);
        assertThat(time.get(Lane.INTERACTIVE)).isGreaterThan(time.get(Lane.STANDARD));
    }

    @Test
    void aLaneThatIsAloneGetsEverything() {
        assertThat(serve(EnumSet.of(Lane.BULK), 10)).containsEntry(Lane.BULK, 10L);
    }

    @Test
    void interactiveGoesNextAfterAQuietTime() {
        serve(EnumSet.of(Lane.STANDARD, Lane.BULK), 1_000);

        assertThat(shares.next(EnumSet.allOf(Lane.class))).contains(Lane.INTERACTIVE);
    }

    @Test
    void timeThatWasNotUsedIsNotSavedUp() {
        serve(EnumSet.of(Lane.INTERACTIVE), 1_000);

        assertThat(serve(EnumSet.of(Lane.INTERACTIVE, Lane.BULK), 60).get(Lane.BULK))
                .isBetween(9L, 11L);
    }

    @Test
    void costCountsNotTurns() {
        long bulk = 0;
        long interactive = 0;
        for (int i = 0; i < 600; i++) {
            Lane lane = shares.next(List.of(Lane.INTERACTIVE, Lane.BULK)).orElseThrow();
            int cost = lane == Lane.BULK ? 10 : 1;
            shares.serve(lane, cost);
            bulk += lane == Lane.BULK ? cost : 0;
            interactive += lane == Lane.INTERACTIVE ? cost : 0;
        }
        assertThat((double) bulk / (bulk + interactive)).isBetween(0.15, 0.19);
    }

    @Test
    void nobodyIsServedWhenNobodyWaits() {
        assertThat(shares.next(Set.of())).isEmpty();
    }

    private Map<Lane, Long> serve(Set<Lane> waiting, int turns) {
        Map<Lane, Long> time = new EnumMap<>(Lane.class);
        for (int i = 0; i < turns; i++) {
            Lane lane = shares.next(waiting).orElseThrow();
            shares.serve(lane, 1);
            time.merge(lane, 1L, Long::sum);
        }
        return time;
    }
}
