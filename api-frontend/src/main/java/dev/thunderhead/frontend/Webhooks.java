package dev.thunderhead.frontend;

import dev.thunderhead.frontend.http.WebhookRoutes;
import dev.thunderhead.frontend.media.PictureAddresses;
import dev.thunderhead.frontend.metrics.FrontendMetrics;
import dev.thunderhead.frontend.queue.DeliveryTail;
import dev.thunderhead.frontend.queue.KafkaDeliveryJournal;
import dev.thunderhead.frontend.webhook.CallbackPlanner;
import dev.thunderhead.frontend.webhook.Caller;
import dev.thunderhead.frontend.webhook.DefaultSecrets;
import dev.thunderhead.frontend.webhook.Deliverer;
import dev.thunderhead.frontend.webhook.DeliveryLog;
import dev.thunderhead.frontend.webhook.DeliveryLogWriter;
import dev.thunderhead.frontend.webhook.Destinations;
import dev.thunderhead.frontend.webhook.Endpoints;
import dev.thunderhead.frontend.webhook.SystemNames;
import dev.thunderhead.frontend.webhook.WebhookSettings;
import dev.thunderhead.frontend.webhook.client.HttpSender;
import dev.thunderhead.health.Readiness;
import dev.thunderhead.kafka.KafkaConnection;
import dev.thunderhead.lifecycle.Closer;
import dev.thunderhead.storage.RecordStore;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** All that calls the owners of jobs and batches back, put together. Thread-safe. */
final class Webhooks implements AutoCloseable {
    private final Closer closer;
    private final WebhookRoutes.Parts parts;
    private final CallbackPlanner callbacks;

    private Webhooks(Closer closer, WebhookRoutes.Parts parts, CallbackPlanner callbacks) {
        this.closer = closer;
        this.parts = parts;
        this.callbacks = callbacks;
    }

    /** @param random thread-safe and not to be guessed */
    record Means(Readiness readiness, FrontendMetrics metrics, Clock clock, RandomGenerator random) {}

    /**
     * Starts to deliver.
     *
     * @param produce within which the journal must have acknowledged a record
     * @param addresses those that stay valid
     */
    static Webhooks start(
            WebhookSettings settings,
            KafkaConnection kafka,
            Duration produce,
            RecordStore store,
            PictureAddresses addresses,
            Vertx vertx,
            Means means) {
        Closer closer = new Closer();
        SystemNames names = closer.add(new SystemNames());
        Destinations destinations = new Destinations(settings.reach(), names);
        HttpSender sender = closer.add(new HttpSender(vertx, settings.timeout(), Optional.empty()));
        Caller caller = new Caller(destinations, sender, means.clock());
        Endpoints endpoints = new Endpoints(store);
        DefaultSecrets defaults = new DefaultSecrets(store, means.random());
        DeliveryLog log = new DeliveryLog(store);
        // The writer closes before the journal, which hears of each end once that is written down.
        KafkaDeliveryJournal journal = closer.add(new KafkaDeliveryJournal(kafka, produce));
        DeliveryLogWriter writer = closer.add(new DeliveryLogWriter(log));
        Deliverer deliverer = closer.add(new Deliverer(
                settings,
                journal,
                log,
                writer,
                endpoints,
                defaults,
                caller,
                new Deliverer.Means(means.clock(), means.random(), means.readiness(), means.metrics()::webhookCalled)));
        means.metrics().gauge("thunderhead.webhook.pending", deliverer::pending);
        deliverer.start();
        DeliveryTail tail =
                closer.add(new DeliveryTail(kafka, deliverer, means.metrics()::unreadableRecord, means.readiness()));
        tail.start();
        return new Webhooks(
                closer,
                new WebhookRoutes.Parts(endpoints, defaults, log, journal, destinations, caller),
                new CallbackPlanner(endpoints, log, journal, addresses));
    }

    /** What the API's endpoints are about. */
    WebhookRoutes.Parts parts() {
        return parts;
    }

    /** Plans the calls at the ends of jobs and batches. */
    CallbackPlanner callbacks() {
        return callbacks;
    }

    /** Makes no further calls. */
    @Override
    public void close() throws IOException {
        closer.close();
    }
}
