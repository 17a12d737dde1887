package dev.thunderhead.frontend.batch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FeedWindowTest {
    @ParameterizedTest(name = "{0} open, {1} running, {2} a second: room for {3}")
    @CsvSource({
        "0, 0, 0, 16", // a beginning
        "16, 0, 0, 0", // no worker
        "18, 2, 10, 0", // one slow worker: 16 wait
        "17, 2, 10, 1",
        "800, 400, 40, 0", // a fleet: as many wait as are rendered
        "700, 400, 40, 100",
        "100, 0, 400, 100", // workers that take no time: half a second's worth
        "5, 9, 0, 16", // what is heard of workers may be late
        "40, 0, 0, -24" // what an earlier feeder has left
    })
    void aFewTasksWaitAndAsManyAsAreRendered(int open, int running, double perSecond, int room) {
        assertThat(FeedWindow.room(open, running, perSecond)).isEqualTo(room);
    }
}
