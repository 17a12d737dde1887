package dev.thunderhead.frontend.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class QueueOrderProperties {
    /** The same, told by a list that is counted through. */
    private static final class Model {
        private final List<KnownTask> open = new ArrayList<>();
        private final Set<KnownTask> begun = new HashSet<>();

        int waitingBefore(KnownTask task) {
            return (int) open.stream()
                    .takeWhile(other -> other != task)
                    .filter(other -> !begun.contains(other))
                    .count();
        }
    }

    @Property(tries = 200)
    void knowsHowManyWaitBeforeATaskWhateverHappened(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 1_500) int steps, @ForAll @IntRange(max = 9) int ends) {
        Random random = new Random(seed);
        QueueOrder order = new QueueOrder();
        Model model = new Model();
        for (int i = 0; i < steps; i++) {
            step(random, ends, order, model);
        }

        assertThat(order.size()).isEqualTo(model.open.size());
        assertThat(order.begunSize()).isEqualTo(model.begun.size());
        assertThat(order.first()).isEqualTo(model.open.stream().findFirst());
        assertThat(order.all()).containsExactlyElementsOf(model.open);
        for (KnownTask task : model.open) {
            assertThat(order.waitingBefore(task)).isEqualTo(model.waitingBefore(task));
        }
    }

    private static void step(Random random, int ends, QueueOrder order, Model model) {
        int action = random.nextInt(20);
        if (model.open.isEmpty() || action >= 2 * ends) {
            KnownTask task = new KnownTask();
            order.add(task);
            model.open.add(task);
            return;
        }
        // Mostly among the first, as in a queue.
        int reach = random.nextInt(model.open.size()) + 1;
        KnownTask task = model.open.get(random.nextInt(reach));
        if (action == 0 && model.open.size() < 100) {
            List<KnownTask> shuffled = new ArrayList<>(model.open);
            Collections.shuffle(shuffled, random);
            order.sort(java.util.Comparator.comparingInt(shuffled::indexOf));
            model.open.clear();
            model.open.addAll(shuffled);
        } else if (action < ends) {
            order.begun(task);
            model.begun.add(task);
        } else {
            order.remove(task);
            model.open.remove(task);
            model.begun.remove(task);
        }
    }
}
