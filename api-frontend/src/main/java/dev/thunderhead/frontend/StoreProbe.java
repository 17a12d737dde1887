package dev.thunderhead.frontend;

import dev.thunderhead.frontend.lifecycle.Ticker;
import dev.thunderhead.health.Readiness;
import dev.thunderhead.storage.ObjectStore;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks every few seconds whether the store answers; while it does not, the service is not ready. */
final class StoreProbe {
    private static final Logger LOG = LoggerFactory.getLogger(StoreProbe.class);
    private static final String PART = "store";
    private static final String KEY = "readiness-probe";
    private static final Duration PERIOD = Duration.ofSeconds(5);

    private StoreProbe() {}

    static Ticker start(ObjectStore store, Readiness readiness) {
        return Ticker.start("store-probe", PERIOD, () -> look(store, readiness));
    }

    private static void look(ObjectStore store, Readiness readiness) {
        try {
            store.head(KEY);
            readiness.ready(PART);
        } catch (IOException problem) {
            LOG.warn("event=store_unreachable problem={}", problem.getMessage());
            readiness.waitFor(PART, "the store does not answer");
        }
    }
}
