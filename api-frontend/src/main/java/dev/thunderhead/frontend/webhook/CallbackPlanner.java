package dev.thunderhead.frontend.webhook;

import dev.thunderhead.frontend.job.Callbacks;
import dev.thunderhead.frontend.media.PictureAddresses;
import dev.thunderhead.job.Callback;
import dev.thunderhead.job.JobEvent;
import dev.thunderhead.job.JobRecord;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Plans callbacks for the account's endpoints, and for the address that came with the request. Thread-safe. */
public final class CallbackPlanner implements Callbacks {
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
        List<CompletableFuture<Void>> planned = new ArrayList<>();
        for (Delivery delivery : deliveries(job)) {
            // The finisher may come again after days; what has been delivered is not delivered anew.
            if (!again || !log.isOver(delivery)) {
                planned.add(journal.plan(delivery));
            }
        }
        await(planned);
    }

    private List<Delivery> deliveries(JobRecord.Finished job) throws IOException {
        JobEvent event = EventPayload.eventOf(job);
        List<Delivery> deliveries = new ArrayList<>();
        for (Endpoint endpoint : endpoints.of(job.account())) {
            if (endpoint.wants(event.type())) {
                deliveries.add(delivery(job, event, new Target.Registered(endpoint.id()), endpoint.includeData()));
            }
        }
        Optional<Callback> callback =
                job.job().callback().filter(own -> own.events().contains(event));
        if (callback.isPresent()) {
            Target target = new Target.Requested(callback.get().url());
            deliveries.add(delivery(job, event, target, callback.get().includeData()));
        }
        return deliveries;
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
