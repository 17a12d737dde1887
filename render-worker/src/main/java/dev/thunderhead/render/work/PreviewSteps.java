package dev.thunderhead.render.work;

import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * After which steps a picture's previews are made: spread evenly over them, at most one after each, and none after the
 * last one, when the picture itself is about to come. So few steps may leave room for fewer previews than wanted.
 *
 * @param after numbers of steps, ascending, from 1
 */
record PreviewSteps(List<Integer> after) {
    PreviewSteps {
        after = List.copyOf(after);
    }

    /** Of {@code previews} wanted, number {@code i} comes after step {@code (i + 1) * steps / (previews + 1)}, rounded. */
    static PreviewSteps of(int previews, int steps) {
        return new PreviewSteps(IntStream.rangeClosed(1, previews)
                .map(i -> Math.round((float) i * steps / (previews + 1)))
                .filter(step -> step >= 1 && step < steps)
                .distinct()
                .boxed()
                .toList());
    }

    /** Which preview is due when {@code done} steps are done, from 0; empty when none is. */
    OptionalInt due(int done) {
        int index = after.indexOf(done);
        return index < 0 ? OptionalInt.empty() : OptionalInt.of(index);
    }
}
