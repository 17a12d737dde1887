package dev.thunderhead.frontend.queue;

import dev.thunderhead.frontend.job.Publisher;
import dev.thunderhead.frontend.job.TraceContext;
import dev.thunderhead.frontend.lifecycle.Ticker;
import dev.thunderhead.job.FailureCode;
import dev.thunderhead.job.Outcome;
import dev.thunderhead.job.RenderEvent;
import dev.thunderhead.storage.ObjectKeys;
import dev.thunderhead.storage.Outcomes;
import dev.thunderhead.wire.TaskEnvelope;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends what no worker ends. A task whose deadline has passed by more than a slack gets a failed outcome, unless another
 * stands, and what stands is published: so every task ends visibly, also when no worker lives. So does one that was never
 * queued, because whoever queued the others of its job died meanwhile. Doing it twice is
 * harmless, and what fails is tried again in the next round. Thread-safe.
 */
public final class Resolver implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Resolver.class);
    private static final Duration ROUND = Duration.ofMillis(500);
    private static final int BATCH = 1_000;
    private static final int THREADS = 8;
    private static final String LATE = "no worker had rendered the picture by its deadline; send the request again";
    private static final String LOST = "the picture was lost before it was queued; send the request again";

    private final OpenTasks openTasks;
    private final IntPredicate owned;
    private final Outcomes outcomes;
    private final ObjectKeys keys;
    private final Publisher publisher;
    private final Duration slack;
    private final Duration settled;
    private final Clock clock;
    private final ExecutorService hands = Executors.newFixedThreadPool(THREADS, Resolver::thread);
    private final Ticker rounds;

    /**
     * Starts looking.
     *
     * @param owned the partitions to look after
     * @param slack how long a worker may be late before its task is taken away
     * @param settled within which all tasks of a job are queued, or will not be
     */
    public Resolver(
            OpenTasks openTasks,
            IntPredicate owned,
            Outcomes outcomes,
            ObjectKeys keys,
            Publisher publisher,
            Duration slack,
            Duration settled,
            Clock clock) {
        this.openTasks = openTasks;
        this.owned = owned;
        this.outcomes = outcomes;
        this.keys = keys;
        this.publisher = publisher;
        this.slack = slack;
        this.settled = settled;
        this.clock = clock;
        this.rounds = Ticker.start("resolver-rounds", ROUND, this::round);
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "resolver");
        thread.setDaemon(true);
        return thread;
    }

    private void round() {
        List<Callable<Void>> due = Stream.concat(
                        openTasks.due(clock.instant().minus(slack), owned, BATCH).stream()
                                .map(this::ending),
                        // Few, and of no partition that is known: every frontend ends them, and one does.
                        openTasks.lost(settled).stream().limit(BATCH).map(this::ending))
                .toList();
        try {
            hands.invokeAll(due);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        }
    }

    private Callable<Void> ending(OpenTask task) {
        return ending(task.envelope(), FailureCode.DEADLINE_EXCEEDED, LATE);
    }

    private Callable<Void> ending(LostTask task) {
        String trace =
                TraceContext.continueOrStart(null, ThreadLocalRandom.current()).traceparent();
        String key = keys.outcome(task.account(), task.id());
        return ending(
                new TaskEnvelope(task.id(), task.account(), task.job(), clock.instant(), key, trace),
                FailureCode.TASK_LOST,
                LOST);
    }

    private Callable<Void> ending(TaskEnvelope task, FailureCode code, String message) {
        return () -> {
            end(task, new Outcome.Failed(code, message, clock.instant()));
            return null;
        };
    }

    private void end(TaskEnvelope task, Outcome.Failed failed) {
        try {
            Outcome stands = outcomes.record(task.outcomeKey(), failed);
            publisher
                    .publish(new RenderEvent(
                            task.id(),
                            task.account(),
                            Optional.of(task.job()),
                            task.outcomeKey(),
                            stands,
                            task.traceparent()))
                    .join();
            LOG.info(
                    "event=task_resolved task={} outcome={}",
                    task.id(),
                    stands.getClass().getSimpleName());
        } catch (IOException | RuntimeException problem) {
            LOG.warn("event=task_not_resolved task={} problem={}", task.id(), problem.getMessage());
        }
    }

    @Override
    public void close() {
        rounds.close();
        hands.shutdownNow();
    }
}
