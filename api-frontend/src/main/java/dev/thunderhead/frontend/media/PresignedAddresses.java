package dev.thunderhead.frontend.media;

import dev.thunderhead.job.Account;
import dev.thunderhead.job.OutputFormat;
import dev.thunderhead.job.TaskId;
import dev.thunderhead.storage.ObjectKeys;
import dev.thunderhead.storage.S3ObjectStore;
import java.time.Duration;

/** Addresses at the store itself, which work for a limited time. */
public final class PresignedAddresses implements PictureAddresses {
    private final S3ObjectStore store;
    private final ObjectKeys keys;
    private final Duration validity;

    public PresignedAddresses(S3ObjectStore store, ObjectKeys keys, Duration validity) {
        this.store = store;
        this.keys = keys;
        this.validity = validity;
    }

    @Override
    public String of(Account account, TaskId task, OutputFormat format) {
        return store.presignedUrl(keys.outcome(account, task), validity);
    }
}
