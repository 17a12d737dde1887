package dev.thunderhead.frontend.media;

import dev.thunderhead.job.OutputFormat;
import dev.thunderhead.job.RenderEvent;
import dev.thunderhead.storage.S3ObjectStore;
import java.time.Duration;

/** Addresses at the store itself, which work for a limited time. */
public final class PresignedAddresses implements PictureAddresses {
    private final S3ObjectStore store;
    private final Duration validity;

    public PresignedAddresses(S3ObjectStore store, Duration validity) {
        this.store = store;
        this.validity = validity;
    }

    @Override
    public String of(RenderEvent event, OutputFormat format) {
        return store.presignedUrl(event.outcomeKey(), validity);
    }
}
