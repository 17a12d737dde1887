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
 * told of every failed call before the next, and of every end, so that after a crash at most those calls repeat that were
 * under way. One thread hands out what is due, and each call has a thread to itself while it lasts. Thread-safe.
 */
public final class Deliverer implements DeliveryListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Deliverer.class);
    private static final int MOST_CALLS = 512;
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
        if (queue.heard(partition, delivery) == DeliveryQueue.Heard.OVER) {
            journal.finish(partition, delivery.id(), delivery.round());
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

    private void deliver(PendingDelivery pending) {
        try {
            attempt(pending);
        } catch (InterruptedException closed) {
            // The journal still has it; whoever looks after the partition next makes the call.
            queue.dropped(pending);
        } catch (IOException | RuntimeException problem) {
            LOG.warn(
                    "event=webhook_postponed delivery={} problem={}",
                    pending.delivery().id(),
                    String.valueOf(problem.getMessage()));
            queue.postponed(pending, clock.instant().plus(OWN_TROUBLE));
        } finally {
            slots.release();
        }
    }

    private void attempt(PendingDelivery pending) throws IOException, InterruptedException {
        Delivery delivery = pending.delivery();
        // It may have ended just before a crash, and the journal was not told.
        if (pending.replayed() && log.isOver(delivery)) {
            journal.finish(pending.partition(), delivery.id(), delivery.round());
            queue.dropped(pending);
            return;
        }
        Recipient recipient = recipients.of(delivery);
        if (recipient instanceof Recipient.Open open) {
            Caller.Result result = caller.call(open.url(), open.secrets(), delivery.id(), delivery.payload());
            conclude(pending, open.endpoint(), result);
            return;
        }
        if (recipient instanceof Recipient.Disabled) {
            writeDown(Delivery.Status.FAILED, delivery);
        }
        journal.finish(pending.partition(), delivery.id(), delivery.round());
        queue.dropped(pending);
    }

    private void conclude(PendingDelivery pending, Optional<Endpoint> endpoint, Caller.Result result) {
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
            queue.succeeded(pending);
            endpoint.filter(one -> one.failingSince().isPresent()).ifPresent(one -> recovered(delivery, one));
            return;
        }
        Instant leftAlone = result.retryAfter().map(now::plus).orElse(Instant.EPOCH);
        boolean disabled = endpoint.isPresent() && troubled(delivery, endpoint.get(), result.gone(), now);
        Optional<Duration> pause =
                result.gone() || disabled ? Optional.empty() : schedulePause(delivery, result.retryAfter());
        if (pause.isEmpty()) {
            end(pending, Delivery.Status.FAILED, delivery.after(attempt, now));
            queue.failed(pending, leftAlone);
            return;
        }
        Delivery next = delivery.after(attempt, now.plus(pause.get()));
        keep(pending, next);
        queue.failed(pending, next, leftAlone);
    }

    /** The receiver's own wish wins over the schedule's pause, but makes no further tries. */
    private Optional<Duration> schedulePause(Delivery delivery, Optional<Duration> wish) {
        return settings.schedule().after(delivery.tries() + 1, random).map(wish::orElse);
    }

    // The journal first: after a crash the call is not made again, and only the log may lack what it had to tell.
    private void end(PendingDelivery pending, Delivery.Status status, Delivery last) {
        journal.finish(pending.partition(), last.id(), last.round());
        writeDown(status, last);
    }

    private void keep(PendingDelivery pending, Delivery next) {
        try {
            journal.update(pending.partition(), next).join();
        } catch (CompletionException problem) {
            LOG.warn("event=webhook_not_kept delivery={} problem={}", next.id(), problem.getMessage());
        }
        writeDown(Delivery.Status.PENDING, next);
    }

    private void writeDown(Delivery.Status status, Delivery delivery) {
        writer.write(new DeliveryLog.Entry(status, delivery));
    }

    /** Notes that the endpoint fails; whether it is called no more from now on. */
    private boolean troubled(Delivery delivery, Endpoint endpoint, boolean gone, Instant now) {
        boolean tooLong = endpoint.failingSince()
                .filter(since -> !since.plus(settings.disableAfter()).isAfter(now))
                .isPresent();
        if (gone || tooLong) {
            Endpoint.Disabled why = gone ? Endpoint.Disabled.GONE : Endpoint.Disabled.FAILING;
            LOG.warn(
                    "event=webhook_endpoint_disabled account={} endpoint={} why={}",
                    delivery.account(),
                    endpoint.id(),
                    why.name().toLowerCase(Locale.ROOT));
            note(delivery, endpoint, one -> one.disabled(why));
            return true;
        }
        if (endpoint.failingSince().isEmpty()) {
            note(delivery, endpoint, one -> one.failingSince().isPresent() ? one : one.failingSince(Optional.of(now)));
        }
        return false;
    }

    private void recovered(Delivery delivery, Endpoint endpoint) {
        note(delivery, endpoint, one -> one.failingSince(Optional.empty()));
    }

    private void note(Delivery delivery, Endpoint endpoint, UnaryOperator<Endpoint> change) {
        try {
            endpoints.change(delivery.account(), endpoint.id(), change);
        } catch (IOException problem) {
            LOG.warn("event=webhook_endpoint_not_changed endpoint={} problem={}", endpoint.id(), problem.getMessage());
        }
        recipients.forget(delivery.account());
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
