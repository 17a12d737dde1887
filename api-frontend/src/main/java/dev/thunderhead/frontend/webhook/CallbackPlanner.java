package dev.thunderhead.frontend.webhook;

import dev.thunderhead.frontend.batch.BatchCallbacks;
import dev.thunderhead.frontend.job.Callbacks;
import dev.thunderhead.frontend.media.PictureAddresses;
import dev.thunderhead.job.Account;
import dev.thunderhead.job.BatchEvent;
import dev.thunderhead.job.Callback;
import dev.thunderhead.job.CallbackEvent;
import dev.thunderhead.job.JobEvent;
import dev.thunderhead.job.JobRecord;
import dev.thunderhead.job.Lane;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;

/** Plans callbacks for the account's endpoints, and for the address that came with the request. Thread-safe. */
public final class CallbackPlanner implements Callbacks, BatchCallbacks {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Endpoints endpoints;
    private final DeliveryLog log;
    private final DeliveryJournal journal;
    private final PictureAddresses addresses;

    /** @param addresses those that stay valid: a call may come days later */
    public CallbackPlanner(Endpoints endpoints, DeliveryLog log, DeliveryJournal journal, PictureAddresses addresses) {
        this.endpoints = endpoints;
        this.log = log;
        this.journal = journal;
        this.addresses = addresses;
    }

    @Override
    public void plan(JobRecord.Finished job, boolean again) throws IOException {
        plan(deliveries(job), again);
    }

    @Override
    public void plan(Account account, String batch, BatchEvent event, Instant at) throws IOException {
        String payload = EventPayload.of(event, batch, at);
        plan(
                toEndpoints(
                        account,
                        event,
                        (target, endpoint) -> Delivery.first(account, target, batch, event.type(), payload, at)),
                true);
    }

    private void plan(List<Delivery> deliveries, boolean again) throws IOException {
        List<CompletableFuture<Void>> planned = new ArrayList<>();
        for (Delivery delivery : deliveries) {
            // Whoever plans may come again after days; what has been delivered is not delivered anew.
            if (!again || !log.isOver(delivery)) {
                planned.add(journal.plan(delivery));
            }
        }
        await(planned);
    }

    private List<Delivery> deliveries(JobRecord.Finished job) throws IOException {
        JobEvent event = EventPayload.eventOf(job);
        List<Delivery> deliveries = new ArrayList<>();
        // A line of a batch is not told to the endpoints: who wants to hear of the batch is called once, at its end,
        // and not up to 50,000 times.
        if (job.job().lane() != Lane.BULK) {
            deliveries.addAll(toEndpoints(
                    job.account(), event, (target, endpoint) -> delivery(job, event, target, endpoint.includeData())));
        }
        Optional<Callback> callback =
                job.job().callback().filter(own -> own.events().contains(event));
        if (callback.isPresent()) {
            Target target = new Target.Requested(callback.get().url());
            deliveries.add(delivery(job, event, target, callback.get().includeData()));
        }
        return deliveries;
    }

    /** A delivery to each of the account's endpoints that wants to hear of the event. */
    private List<Delivery> toEndpoints(
            Account account, CallbackEvent event, BiFunction<Target, Endpoint, Delivery> delivery) throws IOException {
        return endpoints.of(account).stream()
                .filter(endpoint -> endpoint.wants(event.type()))
                .map(endpoint -> delivery.apply(new Target.Registered(endpoint.id()), endpoint))
                .toList();
    }

    private Delivery delivery(JobRecord.Finished job, JobEvent event, Target target, boolean includeData) {
        String payload = EventPayload.of(job, includeData, addresses);
        return Delivery.first(job.account(), target, job.id().value(), event.type(), payload, job.completedAt());
    }

    private static void await(List<CompletableFuture<Void>> planned) throws IOException {
        try {
            CompletableFuture.allOf(planned.toArray(CompletableFuture[]::new))
                    .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException problem) {
            throw new IOException("a callback may not have been planned", problem);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while planning callbacks", interrupt);
        }
    }
}
