package dev.thunderhead.frontend.webhook;

import dev.thunderhead.frontend.webhook.Recipients.Recipient;
import dev.thunderhead.health.Readiness;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the calls of the partitions that this frontend looks after, each until it is answered or given up. The journal is
 * told of every failed call before the next, and of every end once the log has it, so that after a crash at most those
 * calls repeat that were under way or had ended a moment before. One thread hands out what is due, and each call has a
 * thread to itself while it lasts. Thread-safe.
 */
public final class Deliverer implements DeliveryListener, AutoCloseable {
    /** How many calls may be under way in one frontend. */
    public static final int MOST_CALLS = 512;

    private static final Logger LOG = LoggerFactory.getLogger(Deliverer.class);
    private static final Duration OWN_TROUBLE = Duration.ofSeconds(5);
    private static final Duration CLOSE = Duration.ofSeconds(5);

    private final DeliveryQueue queue;
    private final DeliveryJournal journal;
    private final DeliveryLog log;
    private final DeliveryLogWriter writer;
    private final Endpoints endpoints;
    private final Recipients recipients;
    private final Caller caller;
    private final WebhookSettings settings;
    private final Clock clock;
    private final RandomGenerator random;
    private final Consumer<String> observer;
    private final Readiness readiness;
    private final Semaphore slots = new Semaphore(MOST_CALLS);
    private final ExecutorService hands;
    private final Thread dispatcher = new Thread(this::dispatch, "webhook-dispatcher");

    /**
     * What it runs on.
     *
     * @param random thread-safe
     * @param readiness is told if it can go on no more
     * @param observer is told what came of each call: {@code succeeded} or {@code failed}
     */
    public record Means(Clock clock, RandomGenerator random, Readiness readiness, Consumer<String> observer) {}

    public Deliverer(
            WebhookSettings settings,
            DeliveryJournal journal,
            DeliveryLog log,
            DeliveryLogWriter writer,
            Endpoints endpoints,
            DefaultSecrets defaults,
            Caller caller,
            Means means) {
        this.settings = settings;
        this.queue = new DeliveryQueue(settings, means.clock());
        this.journal = journal;
        this.log = log;
        this.writer = writer;
        this.endpoints = endpoints;
        this.recipients = new Recipients(endpoints, defaults, means.clock());
        this.caller = caller;
        this.clock = means.clock();
        this.random = means.random();
        this.observer = means.observer();
        this.readiness = means.readiness();
        // As many threads as there are slots, and for a moment those that have just given theirs back.
        this.hands = Executors.newCachedThreadPool(Deliverer::thread);
        dispatcher.setDaemon(true);
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "webhook-call");
        thread.setDaemon(true);
        return thread;
    }

    public void start() {
        dispatcher.start();
    }

    @Override
    public void assigned(int partition) {
        queue.assigned(partition);
    }

    @Override
    public void heard(int partition, Delivery delivery) {
        DeliveryQueue.Heard heard = queue.heard(partition, delivery);
        if (heard instanceof DeliveryQueue.Heard.Over) {
            journal.finish(partition, delivery.id(), delivery.round());
        } else if (heard instanceof DeliveryQueue.Heard.Stale stale) {
            CompletableFuture<Void> unused = journal.update(partition, stale.known());
        }
    }

    @Override
    public void over(int partition, String id, int round) {
        // The end of a former round came after the wish for a new one: the wish has to outlive it in the journal.
        Optional<Delivery> pending = queue.over(partition, id, round);
        if (pending.isPresent()) {
            CompletableFuture<Void> unused = journal.update(partition, pending.get());
        }
    }

    @Override
    public void caughtUp(int partition) {
        queue.caughtUp(partition);
        LOG.info("event=webhooks_owned partition={} pending={}", partition, queue.size());
    }

    @Override
    public void revoked(int partition) {
        queue.revoked(partition);
    }

    /** How many deliveries are pending here. */
    public int pending() {
        return queue.size();
    }

    private void dispatch() {
        try {
            while (true) {
                slots.acquire();
                PendingDelivery next = queue.take();
                hands.execute(() -> deliver(next));
            }
        } catch (InterruptedException | RejectedExecutionException closed) {
            LOG.debug("event=webhook_dispatcher_closed");
        } catch (RuntimeException | Error problem) {
            LOG.error("event=webhook_dispatcher_died", problem);
            readiness.dead("webhook-calls", "their thread died: " + problem);
        }
    }

    // The queue is told once, and last: whatever goes wrong, the receiver and its account get their turns back.
    private void deliver(PendingDelivery pending) {
        Runnable settlement = () -> queue.postponed(pending, clock.instant().plus(OWN_TROUBLE));
        try {
            settlement = attempt(pending);
        } catch (InterruptedException closed) {
            // The journal still has it; whoever looks after the partition next makes the call.
            settlement = () -> queue.dropped(pending);
        } catch (IOException | RuntimeException | Error problem) {
            LOG.warn(
                    "event=webhook_postponed delivery={} problem={}",
                    pending.delivery().id(),
                    String.valueOf(problem.getMessage()));
        } finally {
            settlement.run();
            slots.release();
        }
    }

    /** What the queue is to be told. */
    private Runnable attempt(PendingDelivery pending) throws IOException, InterruptedException {
        Delivery delivery = pending.delivery();
        // It may have ended just before a crash, and the journal was not told.
        if (pending.replayed() && log.isOver(delivery)) {
            journal.finish(pending.partition(), delivery.id(), delivery.round());
            return () -> queue.dropped(pending);
        }
        if (writer.isFull()) {
            throw new IOException("what became of other deliveries has not been written down yet");
        }
        Recipient recipient = recipients.of(delivery);
        if (recipient instanceof Recipient.Open open) {
            Caller.Result result = caller.call(open.url(), open.secrets(), delivery.id(), delivery.payload());
            return conclude(pending, open.endpoint(), result);
        }
        if (recipient instanceof Recipient.Disabled) {
            end(pending, Delivery.Status.FAILED, delivery);
        } else {
            journal.finish(pending.partition(), delivery.id(), delivery.round());
        }
        return () -> queue.dropped(pending);
    }

    private Runnable conclude(PendingDelivery pending, Optional<Endpoint> endpoint, Caller.Result result) {
        Delivery delivery = pending.delivery();
        Attempt attempt = result.attempt();
        Instant now = clock.instant();
        observer.accept(attempt.succeeded() ? "succeeded" : "failed");
        LOG.info(
                "event=webhook_called delivery={} account={} target={} tries={} status={} millis={}",
                delivery.id(),
                delivery.account(),
                delivery.target().folder(),
                delivery.tries() + 1,
                attempt.status().map(String::valueOf).orElse("-"),
                attempt.millis());
        if (attempt.succeeded()) {
            end(pending, Delivery.Status.SUCCEEDED, delivery.after(attempt, now));
            endpoint.filter(one -> one.failingSince().isPresent()).ifPresent(one -> recovered(delivery, one));
            return () -> queue.succeeded(pending);
        }
        Instant leftAlone = result.retryAfter().map(now::plus).orElse(Instant.EPOCH);
        boolean hopeless =
                endpoint.map(one -> troubled(delivery, one, result.gone(), now)).orElse(result.gone());
        Optional<Duration> pause = hopeless ? Optional.empty() : schedulePause(delivery, result.retryAfter());
        if (pause.isEmpty()) {
            end(pending, Delivery.Status.FAILED, delivery.after(attempt, now));
            return () -> queue.failed(pending, leftAlone);
        }
        Delivery next = delivery.after(attempt, now.plus(pause.get()));
        keep(pending, next);
        return () -> queue.failed(pending, next, leftAlone);
    }

    /** The receiver may wish for a longer pause than the schedule's, but not for further tries. */
    private Optional<Duration> schedulePause(Delivery delivery, Optional<Duration> wish) {
        return settings.schedule()
                .after(delivery.tries() + 1, random)
                .map(pause -> wish.filter(longer -> longer.compareTo(pause) > 0).orElse(pause));
    }

    // The log first: after a crash in between, whoever finds the delivery in the journal sees there that it is over.
    // The other way round, the log would tell for ever that it is pending.
    private void end(PendingDelivery pending, Delivery.Status status, Delivery last) {
        CompletableFuture<Void> unused = writer.write(new DeliveryLog.Entry(status, last))
                .thenRun(() -> journal.finish(pending.partition(), last.id(), last.round()));
    }

    private void keep(PendingDelivery pending, Delivery next) {
        try {
            journal.update(pending.partition(), next).join();
        } catch (CompletionException problem) {
            LOG.warn("event=webhook_not_kept delivery={} problem={}", next.id(), problem.getMessage());
        }
        CompletableFuture<Void> unused = writer.write(new DeliveryLog.Entry(Delivery.Status.PENDING, next));
    }

    /** Notes that the endpoint fails; whether it is called no more from now on. */
    private boolean troubled(Delivery delivery, Endpoint endpoint, boolean gone, Instant now) {
        Optional<Endpoint.Disabled> why = gone
                ? Optional.of(Endpoint.Disabled.GONE)
                : endpoint.failingSince()
                        .filter(since -> !since.plus(settings.disableAfter()).isAfter(now))
                        .map(since -> Endpoint.Disabled.FAILING);
        if (why.isPresent()) {
            boolean disabled = note(delivery, endpoint, one -> one.disabled(why.get()))
                    .flatMap(Endpoint::disabled)
                    .isPresent();
            LOG.warn(
                    "event=webhook_endpoint_hopeless account={} endpoint={} why={} disabled={}",
                    delivery.account(),
                    endpoint.id(),
                    why.get().name().toLowerCase(Locale.ROOT),
                    disabled);
            return disabled;
        }
        if (endpoint.failingSince().isEmpty()) {
            Optional<Endpoint> unused = note(
                    delivery,
                    endpoint,
                    one -> one.failingSince().isPresent() ? one : one.failingSince(Optional.of(now)));
        }
        return false;
    }

    private void recovered(Delivery delivery, Endpoint endpoint) {
        Optional<Endpoint> unused = note(delivery, endpoint, one -> one.failingSince(Optional.empty()));
    }

    /**
     * Changes the endpoint, unless its owner has changed it since the call: what came of that says nothing about another
     * address.
     *
     * @return as it stands now; empty when it is deleted or could not be changed
     */
    private Optional<Endpoint> note(Delivery delivery, Endpoint called, UnaryOperator<Endpoint> change) {
        try {
            return endpoints.change(
                    delivery.account(),
                    called.id(),
                    one -> one.url().equals(called.url()) && one.disabled().isEmpty() ? change.apply(one) : one);
        } catch (IOException | RuntimeException problem) {
            LOG.warn("event=webhook_endpoint_not_changed endpoint={} problem={}", called.id(), problem.getMessage());
            return Optional.empty();
        } finally {
            recipients.forget(delivery.account());
        }
    }

    /** Makes no further call, and gives up those that last longer than a few seconds: they stay in the journal. */
    @Override
    public void close() {
        dispatcher.interrupt();
        hands.shutdown();
        try {
            if (!hands.awaitTermination(CLOSE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.info("event=webhook_calls_given_up");
            }
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        }
        hands.shutdownNow();
    }
}
