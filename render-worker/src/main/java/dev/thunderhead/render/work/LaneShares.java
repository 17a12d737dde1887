package dev.thunderhead.render.work;

import dev.thunderhead.job.Lane;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Divides the device's time among the lanes: start-time fair queueing. Each lane has a virtual clock that its work
 * advances, the slower the greater its weight, and the waiting lane whose clock is furthest behind goes next. So a lane
 * that was quiet goes first, as interactive traffic usually does, and when all wait none gets less than its weight's
 * share. Time that a lane did not use is not saved up. Not thread-safe.
 */
final class LaneShares {
    private final Map<Lane, Double> clocks = new EnumMap<>(Lane.class);
    /** The clock of the lane that was served last, when it was served: a lane that was quiet starts from here. */
    private double now;

    /** When all wait: interactive gets five ninths, standard three, and bulk one, which is more than a tenth. */
    private static int weight(Lane lane) {
        return switch (lane) {
            case INTERACTIVE -> 5;
            case STANDARD -> 3;
            case BULK -> 1;
        };
    }

    /** Of the lanes that wait, the one to serve next; of equals, the more urgent one. */
    Optional<Lane> next(Collection<Lane> waiting) {
        Lane next = null;
        for (Lane lane : Lane.values()) {
            if (waiting.contains(lane) && (next == null || precedes(lane, next))) {
                next = lane;
            }
        }
        return Optional.ofNullable(next);
    }

    /** Whether {@code one}, if both wait, is served before {@code another}. */
    boolean precedes(Lane one, Lane another) {
        int order = Double.compare(clock(one), clock(another));
        return order == 0 ? one.compareTo(another) < 0 : order < 0;
    }

    /** The lane is served now, and keeps the device for about {@code cost}, in any unit that is always the same. */
    void serve(Lane lane, long cost) {
        now = clock(lane);
        clocks.put(lane, now + (double) cost / weight(lane));
    }

    private double clock(Lane lane) {
        return Math.max(now, clocks.getOrDefault(lane, 0.0));
    }
}
